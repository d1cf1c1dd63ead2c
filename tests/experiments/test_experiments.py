"""An experiment's life: drawn up, started, met, stopped, read and decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from feeds import policies
from feeds.experiments import services
from feeds.experiments.assignment import policy_for
from feeds.experiments.models import Experiment, Exposure
from feeds.experiments.results import results_of
from feeds.models import Event, Impression
from feeds.policies import current


def draft(name="fresh", first=50, width=950, overrides=None, save=True, **fields):
    chosen = {"discover.freshness_weight": 2.0} if overrides is None else overrides
    arms = [
        {"name": "as it is", "share": 500, "overrides": {}},
        {"name": "fresher", "share": 500, "overrides": chosen},
    ]
    row = Experiment(name=name, first_bucket=first, buckets=width, arms=arms, **fields)
    if save:
        row.save()
    return row


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"discover.nothing": 1}, "there is no such setting"),
        ({"discover.author_floor": 7}, "must be from 0 to 1"),
        ({"discover.freshness_weight": float("nan")}, "must be a number"),
        ({"pools.quality_bar": 0.5}, "cannot be tried on readers"),
    ],
)
def test_an_impossible_override_is_refused_with_a_sentence(db, overrides, sentence):
    with pytest.raises(ValidationError, match=sentence):
        draft(save=False, overrides=overrides).clean()


@pytest.mark.parametrize("arms", [None, [], {}, [1], [{"name": "a", "share": 1000}]])
def test_arms_of_another_form_are_refused(db, arms):
    row = Experiment(name="x", arms=arms)
    assert services.faults_of(row)


def test_readers_get_the_policy_of_their_arm_and_always_the_same(operator):
    services.start(experiment=draft(), by=operator, now=timezone.now())
    weights = [policy_for(reader)[1].discover.freshness_weight for reader in range(400)]
    assert weights == [policy_for(reader)[1].discover.freshness_weight for reader in range(400)]
    assert 140 < weights.count(2.0) < 240
    assert policy_for(None)[1] is current()[1]


def test_nothing_is_asked_of_the_database_while_nothing_runs(db, django_assert_num_queries):
    policy_for(1)
    with django_assert_num_queries(0):
        assert policy_for(2)[1] is current()[1]


def test_two_of_a_layer_never_share_a_reader_and_layers_do(operator):
    now = timezone.now()
    services.start(experiment=draft("a", 50, 400), by=operator, now=now)
    with pytest.raises(Invalid, match="another experiment"):
        services.start(experiment=draft("b", 449, 10), by=operator, now=now)
    services.start(experiment=draft("c", 450, 400), by=operator, now=now)
    services.start(experiment=draft("d", layer="other"), by=operator, now=now)
    labels = [policy_for(reader)[0].count("+") for reader in range(300)]
    assert max(labels) == 2
    assert 1 in labels


def test_only_declared_moves_are_made_and_only_by_those_who_may(operator, alice):
    now, row = timezone.now(), draft()
    with pytest.raises(NotAllowed):
        services.start(experiment=row, by=alice, now=now)
    with pytest.raises(Conflict):
        services.stop(experiment=row, by=operator, now=now)
    row = services.start(experiment=row, by=operator, now=now)
    with pytest.raises(Conflict):
        services.start(experiment=row, by=operator, now=now)
    row = services.stop(experiment=row, by=operator, now=now)
    services.decide(experiment=row, arm="fresher", reason="more read", by=operator, now=now)
    policies.forget()  # as it is after the commit that a test never makes
    assert current()[1].discover.freshness_weight == 2.0
    with pytest.raises(Conflict):
        services.decide(experiment=row, arm="fresher", reason="again", by=operator, now=now)


def test_exposure_is_noted_once_and_goes_with_the_person(operator, alice, bob, make_note):
    note, start = make_note(alice), timezone.now()
    row = services.start(experiment=draft(), by=operator, now=start)
    at = start + timedelta(seconds=5)
    Impression.objects.create(person=bob, note=note, feed="discover", at=at)
    Event.objects.create(person=bob, note=note, kind=Event.Kind.COMMENT, at=at)
    met = row.pk and policy_for(bob.pk)[0] != str(current()[0])
    for _ in range(2):
        services.note_exposures(now=at)
        assert Exposure.objects.count() == met
    found = results_of(row, now=at + timedelta(seconds=1))
    assert sum(count for _name, count in found.counts) == met
    values = [r.estimate.value for r in found.rows if r.metric == "engagement per reader"
              and r.estimate]  # fmt: skip
    assert values == [4.0] * met
    bob.delete()
    assert not Exposure.objects.exists()


def test_an_empty_experiment_has_results_without_figures(operator):
    row = services.start(experiment=draft(), by=operator, now=timezone.now())
    found = results_of(row, now=timezone.now())
    assert found.ratio is None
    assert all(line.estimate is None for line in found.rows)


def test_the_desk_draws_up_starts_and_shows(client, operator, alice):
    row = draft()
    page = reverse("admin:experiments_experiment_change", args=[row.pk])
    step = reverse("admin:experiments_step", args=[row.pk])
    client.force_login(alice)
    assert client.post(step, {"from": "draft"}).status_code in (302, 403)
    assert Experiment.objects.get().state == "draft"
    client.force_login(operator)
    assert client.get(page).status_code == 200
    client.post(step, {"from": "draft"})
    assert Experiment.objects.get().state == "running"
    assert b"engagement per reader" in client.get(page).content
    client.post(step, {"from": "draft"})  # an old page
    assert Experiment.objects.get().state == "running"


@pytest.mark.parametrize("arms", ["", "nonsense", "[]", '[{"name": "a"}]', "NaN", "null"])
def test_the_form_says_what_is_wrong_and_keeps_nothing(client, operator, arms):
    client.force_login(operator)
    fields = {
        "name": "x", "unit": "reader", "layer": "discover", "first_bucket": "", "buckets": "100",
        "days": "7",
    }  # fmt: skip
    page = client.post(reverse("admin:experiments_experiment_add"), fields | {"arms": arms})
    assert page.status_code == 200
    assert b"errorlist" in page.content
    assert not Experiment.objects.exists()
