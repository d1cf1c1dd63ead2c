"""Pages of the feeds as a plain browser gets them: whole without JavaScript, safe under the CSP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict
from community.errors import TITLES, refusal, shows_refusals
from community.models import Like, Tag
from community.services.places import find_or_create_place
from feeds.models import Impression, LessOf, PoolEntry
from feeds.pool_page import PoolView
from feeds.qualification import SHORTEST_LOOK
from feeds.quality.report import Mark
from feeds.views.pool import draw_gate
from feeds.views.quality import named_marks

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ROOT = Path(settings.BASE_DIR)


class Page(HTMLParser):
    """What the tests ask of a page: its tags with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            attrs
            for name, attrs in self.tags
            if name == tag
            and all(value in attrs.get(key, "").split() for key, value in wanted.items())
        ]

    @property
    def notes(self) -> list[int]:
        return [int(card["data-note"]) for card in self.all("article", class_="card")]

    @property
    def next(self) -> str | None:
        links = self.all("a", rel="next")
        return links[0]["href"] if links else None


def browse(client: Client, address: str, status: int = 200, **headers: str) -> Page:
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == status, answer.content[:500]
    return Page(answer.content.decode())


@pytest.fixture
def as_bob(client: Client, bob: Any) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def pool_of_notes(
    make_note: Callable[..., Any], make_person: Callable[..., Any], work_off: Callable[..., int]
) -> list[int]:
    """Thirty notes by ten people, two of them at places of two cities."""
    here = find_or_create_place(name="Kiln yard", latitude=30.25, longitude=120.15, city="Hangzhou")
    there = find_or_create_place(name="Clay pit", latitude=55.95, longitude=-3.19, city="Edinburgh")
    made = []
    for number in range(30):
        author = make_person(f"potter{number}") if number < 10 else made[number % 10].author
        place = {0: here, 1: there}.get(number)
        made.append(make_note(author, title=f"Bowl number {number}", place=place))
    work_off()
    return [note.pk for note in made]


def addresses(note: int) -> list[str]:
    channel, tag = reverse("channel", args=["craft"]), reverse("tag", args=["pottery"])
    return [
        "/", "/follow/", "/nearby/", "/nearby/?city=Hangzhou", "/hot/", "/hot/?channel=craft",
        channel, tag, "/search/", "/search/?q=bowl", "/search/?q=potter&tab=people",
        "/search/?q=pot&tab=tags", "/search/?q=nothingatall", "/people/potter1/", "/keys/",
        "/languages/", f"/notes/{note}/menu/?from=discover",
    ]  # fmt: skip


def runs(script: dict[str, str]) -> bool:
    """What is told to machines in a script of data is not run."""
    return script.get("type") != "application/ld+json"


@pytest.mark.parametrize("who", ["a visitor", "a member"])
def test_every_page_is_whole_and_has_no_inline_script_or_style(
    client: Client, bob: Any, pool_of_notes: list[int], who: str
) -> None:
    if who == "a member":
        client.force_login(bob)
    for address in addresses(pool_of_notes[0]):
        page = browse(client, address)
        assert page.all("h1"), f"{address} has no heading"
        for tag, attrs in page.tags:
            assert tag != "style", address
            assert "style" not in attrs, (address, tag, attrs)
            assert not [name for name in attrs if name.startswith("on")], (address, tag, attrs)
            ours = attrs.get("src", "").startswith("/static/")
            assert tag != "script" or ours or not runs(attrs), address


def test_the_next_link_leads_through_discover_without_a_repeat_and_to_an_end(
    client: Client, pool_of_notes: list[int]
) -> None:
    address, met = "/", []
    while address:
        page = browse(client, address)
        met += page.notes
        address = page.next
    assert sorted(met) == sorted(pool_of_notes)
    assert "You are caught up" in page.words


def test_the_next_cards_come_alone_when_a_module_asks(
    client: Client, pool_of_notes: list[int]
) -> None:
    following = browse(client, "/").next
    assert following
    answer = client.get(following, headers={"HX-Request": "true"})
    part = Page(answer.content.decode())
    assert part.notes
    assert not part.all("html")
    # The same address is a whole page for a browser: no cache may mix them up.
    assert "HX-Request" in answer.headers["Vary"]
    assert browse(client, following).all("html")


def test_every_batch_carries_the_token_its_impressions_need(
    as_bob: Client, bob: Any, pool_of_notes: list[int]
) -> None:
    page = browse(as_bob, "/")
    (batch,) = page.all("span", class_="batch")
    seen = [{"note": note, "position": at} for at, note in enumerate(page.notes[:3])]
    body = json.dumps({"token": batch["data-token"], "seen": seen, "key": "a"})
    with time_machine.travel(timezone.now() + SHORTEST_LOOK):
        for _again in range(2):
            answer = as_bob.post("/events/", body, content_type="text/plain", headers=SAME_ORIGIN)
            assert (answer.status_code, answer.json()["seen"]) == (200, 3)
    assert set(Impression.objects.filter(person=bob).values_list("note_id", flat=True)) == set(
        page.notes[:3]
    )


def test_events_from_another_site_are_refused_and_visitors_are_not_recorded(
    client: Client, bob: Any, pool_of_notes: list[int]
) -> None:
    body = json.dumps({"events": [{"note": pool_of_notes[0], "kind": "open"}]})
    send = {"data": body, "content_type": "text/plain"}
    assert client.post("/events/", **send, headers=SAME_ORIGIN).status_code == 204
    client.force_login(bob)
    assert (
        client.post("/events/", **send, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert (
        client.post("/events/", **send, headers={"Origin": "https://elsewhere.example"}).status_code
        == 403
    )
    assert client.post("/events/", **send).status_code == 403
    assert (
        client.post("/events/", **send, headers={"Origin": "http://testserver"}).status_code == 200
    )


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", '{"key": 5}', '{"seen": [{"note": 1}]}', '{"token": "x"}',
        f'{{"x": {"[" * 300}{"]" * 300}}}', '{"key": "a\\u0000"}', '{"key": "\\ud800"}',
    ],
)  # fmt: skip
def test_a_damaged_batch_gets_a_reason_and_no_error_page(as_bob: Client, body: str) -> None:
    answer = as_bob.post("/events/", body, content_type="text/plain", headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_heart_works_without_javascript(
    as_bob: Client, bob: Any, pool_of_notes: list[int]
) -> None:
    address = "/search/?q=bowl"
    page = browse(as_bob, address)
    note = page.notes[0]
    (form,) = [attrs for attrs in page.all("form") if attrs.get("id") == "act"]
    assert form["method"] == "post"
    (heart,) = page.all("button", class_="heart", data_like=str(note))
    assert (heart["form"], heart["aria-pressed"]) == ("act", "false")
    answer = as_bob.post(heart["formaction"], {"next": address})
    assert (answer.status_code, answer.url) == (303, address)
    assert Like.objects.filter(person=bob, note=note).exists()
    (liked,) = browse(as_bob, address).all("button", class_="heart", data_like=str(note))
    assert liked["aria-pressed"] == "true"
    as_bob.post(liked["formaction"])
    assert not Like.objects.filter(person=bob).exists()


def test_a_visitors_page_sets_no_cookie(client: Client, pool_of_notes: list[int]) -> None:
    for address in ("/", "/hot/", "/nearby/?city=Hangzhou", reverse("tag", args=["pottery"])):
        assert not client.get(address).cookies, address


def test_less_of_an_author_is_asked_in_the_menu_and_taken_back_there(
    as_bob: Client, bob: Any, pool_of_notes: list[int]
) -> None:
    address = f"/notes/{pool_of_notes[0]}/menu/?from=discover"
    menu = browse(as_bob, address)
    fields = {
        a["name"]: a["value"]
        for a in menu.all("input", name="kind") + menu.all("input", name="target")
    }
    assert set(fields) == {"kind", "target"}
    author = next(w for w in as_bob.get(address).context["wishes"] if w["kind"] == "author")
    wish = {"kind": "author", "target": author["target"], "next": "/"}
    assert as_bob.post("/less/", wish).status_code == 303
    assert LessOf.objects.filter(
        person=bob, kind=LessOf.Kind.AUTHOR, target=author["target"]
    ).exists()
    assert "Back to normal for" in browse(as_bob, address).words
    as_bob.post("/less/", wish | {"undo": "1"})
    assert not LessOf.objects.filter(person=bob).exists()


@pytest.mark.parametrize(
    "wish", [{}, {"kind": "planet", "target": "1"}, {"kind": "tag", "target": "x"}]
)
def test_less_of_nothing_in_particular_is_refused(as_bob: Client, wish: dict[str, str]) -> None:
    assert as_bob.post("/less/", wish).status_code == 400


def test_a_sheet_is_a_part_for_modules_and_a_page_for_everybody_else(
    client: Client, pool_of_notes: list[int]
) -> None:
    for address in ("/keys/", "/languages/", f"/notes/{pool_of_notes[0]}/menu/"):
        assert browse(client, address).all("html")
        assert not browse(client, address, **{"HX-Request": "true"}).all("html")


def test_nearby_works_by_choosing_a_city(client: Client, pool_of_notes: list[int]) -> None:
    empty = browse(client, "/nearby/")
    assert not empty.notes
    assert "Hangzhou" in empty.words
    page = browse(client, "/nearby/?city=Hangzhou")
    assert page.notes == [pool_of_notes[0]]
    assert "away" in page.words


def test_a_position_is_rounded_and_never_repeated_exactly(
    client: Client, pool_of_notes: list[int]
) -> None:
    answer = client.get("/nearby/?lat=30.251234&lon=120.154321")
    assert Page(answer.content.decode()).notes == [pool_of_notes[0]]
    assert answer.context["here"].point.latitude == 30.25
    assert not answer.cookies


@pytest.mark.parametrize(
    "query",
    [
        "lat=91&lon=0",
        "lat=0&lon=181",
        "lat=nan&lon=0",
        "lat=inf&lon=0",
        "lat=x&lon=1",
        "lat=1",
        "city=Atlantis",
    ],
)
def test_absurd_positions_get_a_message(client: Client, query: str) -> None:
    page = browse(client, f"/nearby/?{query}", status=400)
    assert str(TITLES[400]) in page.words


@pytest.mark.parametrize(
    "address",
    ["/?cursor=x", "/hot/?cursor=%00", "/search/?q=bowl&cursor=1:2", "/channels/craft/?cursor=%F0"],
)
def test_a_cursor_we_did_not_make_gets_a_message(client: Client, address: str) -> None:
    assert "Back to discover" in browse(client, address, status=400).words


def test_a_tag_in_another_spelling_leads_to_its_page(
    client: Client, pool_of_notes: list[int]
) -> None:
    tag = Tag.objects.get(key="pottery")
    assert client.get("/tags/Pottery/").url == tag.get_absolute_url()
    assert "30 notes" in browse(client, tag.get_absolute_url()).words
    assert "Nothing in this pool" in browse(client, "/tags/nothing/", status=404).words


def test_search_finds_people_with_the_tie_to_them(
    as_bob: Client, alice: Any, pool_of_notes: list[int]
) -> None:
    page = browse(as_bob, "/search/?q=alice&tab=people")
    (button,) = [b for b in page.all("button") if b.get("formaction", "").startswith("/people/")]
    assert button["aria-pressed"] == "true"


def test_what_was_typed_is_never_markup(
    client: Client, make_note: Callable[..., Any], alice: Any, work_off: Any
) -> None:
    make_note(alice, title="<img src=x onerror=alert(1)>\"'", tags=["bowl"])
    work_off()
    for address in (
        "/",
        "/search/?q=<script>alert(1)</script>",
        "/search/?q=onerror",
        "/people/alice/",
    ):
        page = browse(client, address)
        assert not [a for _tag, a in page.tags if "onerror" in a]
        assert not [a for t, a in page.tags if t == "script" and not a.get("src") and runs(a)]
    assert "<img src=x onerror=alert(1)>\"'" in browse(client, "/people/alice/").words


def test_only_the_author_sees_the_pool_page(
    client: Client,
    alice: Any,
    bob: Any,
    make_note: Callable[..., Any],
    work_off: Callable[..., int],
) -> None:
    note = make_note(alice)
    work_off()
    PoolEntry.objects.filter(note=note).update(promised=140, delivered=34)
    address = reverse("pool", args=[note.pk])
    assert client.get(address).status_code == 302
    client.force_login(bob)
    assert client.get(address).status_code in (403, 404)
    client.force_login(alice)
    page = browse(client, address)
    (ring,) = page.all("svg", class_="ring")
    assert ring["aria-label"] == "34 of 140 promised views delivered"
    assert "Entered the first pool" in page.words


def test_a_draft_has_no_pool_and_says_why(
    client: Client, alice: Any, make_note: Callable[..., Any]
) -> None:
    client.force_login(alice)
    draft = make_note(alice, publish=False)
    assert "Not in a pool" in browse(client, reverse("pool", args=[draft.pk])).words


@pytest.mark.parametrize(
    ("rate", "certain", "gate", "expected"),
    [
        (0.08, 0.06, 0.04, {"score_x": 80.0, "certain_x": 60.0, "gate_x": 40.0, "missing": 0.0}),
        (0.01, 0.0, 0.04, {"score_x": 20.0, "certain_x": 0.0, "gate_x": 80.0, "missing": 4.0}),
        (0.0, 0.0, 0.0, {"score_x": 0.0, "certain_x": 0.0, "gate_x": 0.0, "missing": 0.0}),
    ],
)
def test_the_gate_is_drawn_to_scale(
    rate: float, certain: float, gate: float, expected: dict[str, float]
) -> None:
    figures = {"rate": rate, "lower_bound": certain, "gate": gate}
    view = PoolView("running", 0, "P0", [], 100, 140, 34, 3.0, figures, [], None, 0.35, "", [], [])
    drawing = draw_gate(view)
    assert {name: getattr(drawing, name) for name in expected} == expected


def test_dimensions_with_one_reason_are_named_together_weakest_first() -> None:
    marks = [
        Mark("tags", 1.0, "Good tags.", "", 0),
        Mark("light", 0.6, "A text card.", "", 0.01),
        Mark("place", 0.0, "No place.", "", 0.03),
        Mark("detail", 0.6, "A text card.", "", 0.01),
    ]
    assert [name for name, _mark in named_marks(marks)] == ["Place", "Light · Detail", "Tags"]


def test_a_refusal_is_a_page_for_people_and_a_toast_for_modules(rf: Any, bob: Any) -> None:
    @shows_refusals
    def view(request: Any) -> Any:
        raise Conflict

    request = rf.get("/", headers={"HX-Request": "true"})
    answer = view(request)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#toasts")
    assert 'class="toast"' in answer.content.decode()
    request = rf.get("/")
    request.user = bob
    page = Page(refusal(request, "No.", status=403).content.decode())
    assert page.all("html")
    assert str(TITLES[403]) in page.words


def test_lost_addresses_and_stale_forms_say_what_to_do_next(alice: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert "Back to discover" in browse(strict, "/no/such/page/", status=404).words
    strict.force_login(alice)
    answer = strict.post("/less/", {"kind": "tag", "target": "1"})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.content.decode()


def test_the_page_speaks_chinese_to_a_chinese_browser(
    client: Client, pool_of_notes: list[int]
) -> None:
    page = browse(client, "/", **{"Accept-Language": "zh-CN"})
    assert page.all("html")[0]["lang"] == "zh-hans"
    assert "手作" in page.words


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))
    named: dict[str, str] = {}
    for path in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'(?:{% icon |sign=)"([\w-]+)"', path.read_text()):
            named[name] = path.name
    assert named
    assert {name: at for name, at in named.items() if name not in drawn} == {}
