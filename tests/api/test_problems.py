"""Whatever goes wrong is a problem document with the right status; nothing sent is our mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from community.models.note import BODY_LENGTH, TITLE_LENGTH

from .conftest import Program, assert_problem

HUGE = "99999999999999999999"
ODD_ADDRESSES = [
    f"notes/{HUGE}/",
    f"notes/{'9' * 18}/",
    "notes/-1/",
    "notes/0/",
    "notes/1.5/",
    "notes/%00/",
    "notes/٣/",
    f"notes/1/pictures/{HUGE}/",
    f"comments/{HUGE}/",
    "people/%00/",
    "people/%ff%fe/",
    "people/%ED%A0%80/",
    f"people/{'x' * 5000}/",
    "people/a%0d%0ab/",
    "tags/%00/notes/",
    "channels/nowhere/feed/",
    "channels/%00/feed/",
    f"places/{HUGE}/notes/",
    "nothing/here/",
    "../../admin/x/",
    "/api/",
    "/api/v2/",
    "/api/v1",
]
ODD_QUERIES = [
    "notes/?limit=0",
    "notes/?limit=101",
    f"notes/?limit={HUGE}",
    "notes/?limit=-1",
    "notes/?limit=ten",
    "notes/?limit=1e1",
    "notes/?cursor=forged",
    "notes/?cursor=%00",
    "notes/?cursor=" + "x" * 501,
    "notes/?channel=%00",
    "notes/?channel=nowhere",
    "notes/?author=nobody-there",
    "notes/?tag=%00",
    "feeds/discover/?cursor=forged",
    "feeds/discover/?cursor=%00",
    "feeds/hot/?cursor=forged",
    "feeds/hot/?channel=nowhere",
    "feeds/nearby/?lat=91&lon=0",
    "feeds/nearby/?lat=nan&lon=0",
    "feeds/nearby/?lat=1e999&lon=0",
    "feeds/nearby/?lat=0&lon=181",
    "feeds/nearby/?lat=10",
    "feeds/nearby/?lat=1&lon=1&order=random",
    "feeds/nearby/?city=Nowhere+at+all",
    "search/",
    "search/?q=%00",
    "search/?q=a&type=boats",
    "search/?q=a&has=film",
    "search/?q=a&km=nan",
    "search/?q=a&lat=91",
    "search/?q=a&cursor=forged",
    "search/?q=" + "x" * 201,
    "places/?q=",
    "places/?q=%00",
    "tags/suggest/?title=" + "x" * (TITLE_LENGTH + 1),
]


@pytest.mark.parametrize("path", ODD_ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "PUT"])
def test_an_odd_address_is_a_404_or_a_refusal_and_never_our_mistake(
    program: Callable[..., Program], charlie: Any, path: str, method: str
) -> None:
    answer = program(charlie).generic(method, path, b"{}", content_type="application/json")
    if answer.status_code not in (200, 204):
        assert answer.status_code in (400, 403, 404, 405)
        assert_problem(answer, answer.status_code)


@pytest.mark.parametrize("path", ODD_QUERIES)
def test_an_odd_query_names_what_is_wrong_with_it(visitor: Program, path: str) -> None:
    body = assert_problem(visitor.get(path), 400)
    assert body["errors"], "it names no field"


def test_an_unknown_address_is_a_problem_and_a_missing_slash_is_forgiven(visitor: Program) -> None:
    assert_problem(visitor.get("/api/v1/no/such/thing/"), 404, "not_found")
    assert_problem(visitor.post("/api/v1/no/such/thing"), 404, "not_found")
    assert visitor.get("/api/v1/channels").status_code == 200


def test_a_cursor_of_another_list_is_refused(
    visitor: Program, alice: Any, make_note: Callable[..., Any]
) -> None:
    for number in range(3):
        make_note(alice, f"Note {number}")
    following = visitor.get("notes/?limit=1").json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    assert visitor.get(f"notes/?limit=1&cursor={cursor}").status_code == 200
    for path in ("notes/?tag=pottery&cursor=", "people/alice/notes/?cursor="):
        assert "cursor" in assert_problem(visitor.get(path + cursor), 400)["errors"]
    assert_problem(visitor.get(f"notes/?cursor={cursor[:-1]}x"), 400)


def test_the_wrong_method_is_a_405_that_names_the_right_ones(visitor: Program) -> None:
    answer = visitor.post("channels/")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_no_login_is_a_401_that_says_how(visitor: Program) -> None:
    answer = visitor.send("post", "notes/", {"title": "x"})
    assert_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


def test_a_programs_token_that_opens_nothing_is_told_as_rfc_6750_says(visitor: Program) -> None:
    answer = visitor.get("notes/", HTTP_AUTHORIZATION="Bearer nothing")
    assert_problem(answer, 401, "authentication_failed")
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_every_refusal_of_ours_has_a_title_in_words(visitor: Program) -> None:
    answer = visitor.get("/oembed/?url=http://testserver/notes/1/&format=xml")
    assert assert_problem(answer, 501, "other_format")["title"] == "Not offered"


@pytest.mark.parametrize(
    "header", ["Token", "Token x", "Token a b", "Token " + "ÿ" * 64, "Token " + "a" * 9_000]
)
def test_a_token_that_is_none_is_a_401(visitor: Program, header: str) -> None:
    assert_problem(visitor.get("channels/", HTTP_AUTHORIZATION=header), 401)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": 7}, {"title"}),
        ({"title": "x" * (TITLE_LENGTH + 1), "body": "y" * (BODY_LENGTH + 1)}, {"title", "body"}),
        ({"title": ["x"]}, {"title"}),
        ({"title": None}, {"title"}),
        ({"tags": "pottery"}, {"tags"}),
        ({"tags": [{}]}, {"tags.0"}),
        ({"tags": ["t"] * 21}, {"tags"}),
        ({"channel": "nowhere"}, {"channel"}),
        ({"channel": 5}, {"channel"}),
        ({"visibility": "everybody"}, {"visibility"}),
        ({"visibilty": "private"}, {"visibilty"}),
        ({"place": "here"}, {"place"}),
        ({"place": {"name": "Pole", "latitude": 91, "longitude": 0}}, {"place.latitude"}),
        ({"place": {"name": "Pole", "latitude": "x", "longitude": True}}, {"place.latitude"}),
        ({"place": {"name": "Pole", "latitude": 10**19, "longitude": 0}}, {"place.latitude"}),
        (
            {"place": {"name": "Pole", "latitude": 1, "longitude": 1, "altitude": 5}},
            {"place.altitude"},
        ),
        ({"place": {"name": "a\u202eb", "latitude": 1, "longitude": 1}}, {"place.name"}),
        ({"publish": "soon", "title": "x"}, {"publish"}),
        ({"publish": True}, {"title"}),
    ],
)
def test_a_note_that_cannot_be_taken_names_its_fields_and_leaves_nothing(
    program: Callable[..., Program],
    alice: Any,
    channel: Any,
    body: dict[str, Any],
    fields: set[str],
) -> None:
    from community.models import Note, Place

    answer = program(alice).send("post", "notes/", body)
    assert fields <= set(assert_problem(answer, 400)["errors"])
    assert not Note.objects.exists()
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"seen": "all"},
        {"seen": [{"note": -1}]},
        {"seen": [{"note": 10**19}]},
        {"seen": [{"note": 1}]},
        {"seen": [1, 2]},
        {"token": "forged", "seen": [{"note": 1}]},
        {"token": 5},
        {"events": [{"note": 1, "kind": "like"}]},
        {"events": [{"note": 1, "kind": "dwell", "value": -1}]},
        {"events": [{"note": 1, "kind": "dwell", "at": "yesterday"}]},
        {"events": [{"note": 1, "kind": "dwell"}] * 101},
        {"batch": ""},
        {"batch": "k" * 65},
        {"more": 1},
    ],
)
def test_a_batch_that_cannot_be_taken_is_refused_whole(
    program: Callable[..., Program], alice: Any, body: dict[str, Any]
) -> None:
    from feeds.models import Event

    assert_problem(program(alice).send("post", "events/", body), 400)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "We cannot find that"), ("zh-Hans", ""), ("xx;q=oops", "We cannot find that")],
)
def test_problems_speak_the_language_that_was_asked_for(
    visitor: Program, language: str, said: str
) -> None:
    answer = visitor.get("notes/1/", HTTP_ACCEPT_LANGUAGE=language)
    assert said in assert_problem(answer, 404)["detail"]
    assert answer["Content-Language"] == ("zh-hans" if language.startswith("zh") else "en")


def test_our_own_mistake_is_a_500_that_tells_nothing_of_itself(
    program: Callable[..., Program],
) -> None:
    calm = program(raise_request_exception=False)
    with mock.patch(
        "community.api.views.catalogue._channel_json", side_effect=RuntimeError("secret")
    ):
        answer = calm.get("channels/")
    body = assert_problem(answer, 500)
    assert "secret" not in str(body)


def test_answers_about_people_are_kept_by_no_cache(
    program: Callable[..., Program], alice: Any
) -> None:
    assert program(alice).get("me/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "x" * 9_000, ""])
def test_the_answer_is_json_whatever_is_accepted(visitor: Program, accept: str) -> None:
    answer = visitor.get("channels/", HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"


def test_a_tag_nobody_uses_is_an_empty_list_like_one_that_only_hidden_notes_carry(
    visitor: Program, alice: Any, make_note: Callable[..., Any]
) -> None:
    make_note(alice, tags=["secret"], visibility="private")
    for key in ("secret", "nobody-uses-this"):
        answer = visitor.get(f"tags/{key}/notes/")
        assert (answer.status_code, answer.json()["results"]) == (200, [])
