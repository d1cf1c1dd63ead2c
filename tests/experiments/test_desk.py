"""The desk of experiments: drawn up in rows or as JSON, proposed by address, read with plots."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from feeds.experiments import desk_results, plots, services
from feeds.experiments.arms_form import ArmsField, offered, present_values
from feeds.experiments.models import Experiment
from feeds.experiments.results import Row
from feeds.experiments.statistics import Lift
from feeds.policies import current
from tests.experiments.conftest import drawn_up, two_arms

ADD = "/admin/experiments/experiment/add/"
PLAIN = {
    "name": "fresh", "question": "", "unit": "reader", "layer": "discover", "first_bucket": "50",
    "buckets": "100", "days": "7",
}  # fmt: skip
ROWS = {
    "arms-0-name": "control", "arms-0-share": "75.5",
    "arms-1-name": "trial", "arms-1-share": "24.5",
    "arms-1-setting-0": "discover.similar", "arms-1-value-0": "60",
    "arms-1-setting-1": "ranking.ranker", "arms-1-value-1": "formula",
}  # fmt: skip


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


class Fields(HTMLParser):
    """What the rows of a form would send back untouched."""

    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("name", "").startswith("arms-"):
            self.found[given["name"]] = given.get("value", "")


def fields_of(page):
    parser = Fields()
    parser.feed(page.content.decode())
    return parser.found


def test_arms_are_drawn_up_in_rows(desk):
    assert desk.post(ADD, PLAIN | ROWS | {"arms": ""}).status_code == 302
    overrides = {"discover.similar": 60, "ranking.ranker": "formula"}
    assert Experiment.objects.get().arms == [
        {"name": "control", "share": 755, "overrides": {}},
        {"name": "trial", "share": 245, "overrides": overrides},
    ]


def test_json_wins_over_rows(desk):
    arms = two_arms({"discover.fresh": 90})
    assert desk.post(ADD, PLAIN | ROWS | {"arms": json.dumps(arms)}).status_code == 302
    assert Experiment.objects.get().arms == arms


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"arms-1-share": "50"}, "shares must sum"),
        ({"arms-1-share": "half"}, "a list of"),
        ({"arms-1-share": "inf"}, "a list of"),
        ({"arms-1-name": "control"}, "names must differ"),
        ({"arms-1-setting-0": "discover.similarr"}, "no such setting"),
        ({"arms-1-setting-0": "hot.gravity", "arms-1-value-0": "2"}, "cannot be tried on readers"),
        ({"arms-1-value-0": "many"}, "must be a number"),
        ({"arms-1-value-0": ""}, "must be a number"),
        ({"arms-1-value-0": "NaN"}, "must be a number"),
        ({"arms-1-value-0": '{"a": 1}'}, "must be a number"),
        ({"unit": "note"}, "but on readers"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, typed, sentence):
    page = desk.post(ADD, PLAIN | ROWS | typed | {"arms": ""})
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert fields_of(page)["arms-1-setting-1"] == "ranking.ranker"
    assert not Experiment.objects.exists()


def test_a_draft_can_be_proposed_by_address(desk):
    arms = two_arms({"discover.similar": 60})
    page = desk.get(f"{ADD}?{urlencode({'name': 'From the lab', 'arms': json.dumps(arms)})}")
    filled = fields_of(page)
    assert "From the lab" in page.content.decode()
    assert (filled["arms-1-setting-0"], filled["arms-1-value-0"]) == ("discover.similar", "60")
    assert filled["arms-0-share"] == "50"
    assert desk.post(ADD, PLAIN | filled).status_code == 302
    assert Experiment.objects.get().arms == arms


@pytest.mark.parametrize("arms", ["", "nonsense", "[1]", "{}", '[{"name": "<script>"}]', "[" * 900])
def test_a_broken_proposal_is_shown_and_harms_nothing(desk, arms):
    page = desk.get(f"{ADD}?{urlencode({'arms': arms})}")
    assert page.status_code == 200
    assert b"<script>" not in page.content.split(b'class="desk-arms"')[1]


@pytest.mark.parametrize("arms", ["[" * 9_000, "[" * 30_000, "9" * 5_000, '"arms"', "1e999"])
def test_no_json_breaks_the_form(desk, arms):
    page = desk.post(ADD, PLAIN | {"arms": arms})
    assert page.status_code == 200
    assert b"errorlist" in page.content
    page = desk.post(ADD, PLAIN | ROWS | {"arms": "", "arms-1-value-0": arms})
    assert b"errorlist" in page.content
    assert not Experiment.objects.exists()


def test_a_draft_opens_with_its_arms_and_present_values(desk):
    row = drawn_up("fresh", {"discover.similar": 60, "discover.fresh": 61})
    page = desk.get(f"/admin/experiments/experiment/{row.pk}/change/")
    filled = fields_of(page)
    # In any order: PostgreSQL keeps none of a JSON object.
    shown = {filled[f"arms-1-setting-{n}"]: filled[f"arms-1-value-{n}"] for n in range(2)}
    assert shown == {"discover.similar": "60", "discover.fresh": "61"}
    assert "now: 40" in page.content.decode()


def test_what_is_offered_can_be_tried(db):
    present = present_values(current()[1])
    assert {"pools.ladder.0.base", "discover.similar"} <= dict(offered(present)).keys()
    for name, units in offered(present):
        if name != "pools.ladder.1.base":  # promises must not shrink
            for unit in units:
                arms = two_arms({name: present[name]})
                assert services.faults_of(Experiment(unit=unit, arms=arms)) == [], name


def test_a_field_that_nobody_touched_did_not_change():
    field = ArmsField()
    assert not field.has_changed(two_arms({}), json.dumps(two_arms({})))
    assert field.has_changed(two_arms({}), "nonsense")


# ---------------------------------------------------------------- results
def test_a_running_experiment_is_read_and_not_saved(desk, operator):
    row = services.start(
        experiment=drawn_up("fresh", {"discover.similar": 60}), by=operator, now=timezone.now()
    )
    page = desk.get(f"/admin/experiments/experiment/{row.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert "engagement per impression" in page
    assert "discover.similar" in page
    address = f"/admin/experiments/experiment/{row.pk}/change/"
    desk.post(address, PLAIN | ROWS | {"name": "other", "arms": ""})
    row.refresh_from_db()
    assert (row.name, row.arms) == ("fresh", two_arms({"discover.similar": 60}))


def test_results_of_notes_are_read_with_the_warning_of_shared_slots(desk, operator):
    row = services.start(
        experiment=drawn_up("small", {"pools.ladder.0.base": 50}, unit="note"), by=operator,
        now=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    page = desk.get(f"/admin/experiments/experiment/{row.pk}/change/").content.decode()
    assert "promises kept" in page
    assert "All arms take from the same reserved slots" in page


@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        (0.1, 0.3, 1, "better"),
        (0.1, 0.3, -1, "worse"),
        (-0.3, -0.1, 1, "worse"),
        (-0.3, -0.1, -1, "better"),
        (-0.1, 0.1, 1, "unsure"),
        (0.1, 0.3, 0, "more"),
        (-0.3, -0.1, 0, "less"),
        (None, None, 1, "unsure"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(low, high, better, verdict):
    lift = Lift(0.2, low, high, None)
    assert desk_results.verdict_of(Row("m", "a", None, lift, better)) == verdict


def test_plots_are_drawings_that_run_nothing():
    rows = [
        ("<b>likes</b>: ▲ better", 0.2, 0.1, 0.3, "better"),
        ("hides: ▼ worse", 9.0, 0.5, 40.0, "worse"),
        ("opens: · unsure", 0.0, -0.1, 0.1, "unsure"),
        ("cards: ↓ less", -0.2, -0.3, -0.1, "less"),
    ]
    for drawing in (
        plots.lifts("fresh", rows),
        plots.days("likes", [("control", [0.1, None, 0.2]), ("trial", [0.2, 0.1, 0.3])]),
    ):
        assert drawing.lstrip().startswith("<svg")
        assert "<script" not in drawing
        assert "<b>" not in drawing
    assert plots._cut(40.0) == plots.CUT  # or it would squeeze all others


def test_the_image_in_the_page_is_the_drawing():
    image = desk_results._image("<svg>x</svg>", 'a "title"')
    _before, source, _class, alt, *_rest = image.split('"')[2:]
    assert b64decode(source.partition(",")[2]) == b"<svg>x</svg>"
    assert alt == "a &quot;title&quot;"
