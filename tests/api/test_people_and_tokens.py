"""Tokens, one's own profile, other people, and the ties to them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from knox.models import AuthToken

from accounts.models import Block, Follow, Mute, Profile

from .conftest import Program, assert_problem

PASSWORD = "tide-and-rock-9"


def log_in(visitor: Program, login: str = "alice", **more: Any) -> Any:
    return visitor.send("post", "tokens/", {"login": login, "password": PASSWORD, **more})


@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.org", "Alice@Example.org"])
def test_a_token_opens_the_account_it_was_made_for_until_it_expires(
    visitor: Program, program: Callable[..., Program], alice: Any, login: str
) -> None:
    issued = log_in(visitor, login, name="laptop")
    assert issued.status_code == 201
    token = issued.json()
    assert token["token"].startswith(token["prefix"])
    days = parse_datetime(token["expires_at"]) - timezone.now()
    assert timedelta(days=89) < days < timedelta(days=91)
    me = visitor.get("me/", HTTP_AUTHORIZATION=f"Token {token['token']}")
    assert me.json()["username"] == "alice"
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert_problem(visitor.get("me/", HTTP_AUTHORIZATION=f"Token {token['token']}"), 401)


def test_a_wrong_password_and_an_unknown_name_are_told_alike(visitor: Program, alice: Any) -> None:
    wrong = visitor.send("post", "tokens/", {"login": "alice", "password": "guess"})
    unknown = visitor.send("post", "tokens/", {"login": "nobody", "password": "guess"})
    assert assert_problem(wrong, 401, "wrong_login") == assert_problem(unknown, 401, "wrong_login")


def test_a_closed_account_gets_no_token(visitor: Program, alice: Any) -> None:
    alice.is_active = False
    alice.save()
    assert_problem(log_in(visitor), 401, "wrong_login")


def test_tokens_are_listed_by_name_and_end_one_by_one(
    program: Callable[..., Program], visitor: Program, alice: Any, bob: Any
) -> None:
    for name in ("laptop", "cron"):
        log_in(visitor, name=name)
    robot = program(alice)
    listed = robot.get("tokens/").json()["results"]
    assert [token["name"] for token in listed][1:] == ["cron", "laptop"]
    assert "token" not in listed[0]
    prefix = listed[1]["prefix"]
    assert_problem(program(bob).delete(f"tokens/{prefix}/"), 404)
    assert robot.delete(f"tokens/{prefix}/").status_code == 204
    assert_problem(robot.delete(f"tokens/{prefix}/"), 404)
    assert AuthToken.objects.filter(user=alice).count() == 2


def test_nobody_has_more_than_twenty_tokens(visitor: Program, alice: Any) -> None:
    for _ in range(19):
        AuthToken.objects.create(alice)
    assert log_in(visitor).status_code == 201
    assert_problem(log_in(visitor), 409, "too_many_tokens")
    AuthToken.objects.filter(user=alice).first().delete()
    assert log_in(visitor).status_code == 201


def test_a_profile_is_changed_field_by_field_and_the_position_is_blurred(
    program: Callable[..., Program], alice: Any
) -> None:
    robot = program(alice)
    changed = robot.send(
        "patch", "me/", {"bio": "Glazes and tides", "latitude": 22.28771, "longitude": 114.16123}
    )
    assert changed.status_code == 200
    assert changed.json()["bio"] == "Glazes and tides"
    assert (changed.json()["latitude"], changed.json()["longitude"]) == (22.29, 114.16)
    for half in ({"latitude": 1.0}, {"longitude": None}, {"latitude": 1.0, "longitude": None}):
        assert robot.send("patch", "me/", half).status_code == 400
    robot.send(
        "patch", "me/", {"theme": "dark", "time_zone": "Asia/Hong_Kong", "language": "zh-hans"}
    )
    profile = Profile.objects.get(person=alice)
    assert (profile.bio, profile.theme) == ("Glazes and tides", "dark")


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"theme": "pink"},
        {"language": "tlh"},
        {"latitude": 91},
        {"bio": "x" * 301},
        {"display_name": "a\u202egnp.exe"},
        {"display_name": "two\nlines"},
        {"personalised": "maybe"},
        {"username": "admin"},
        {"is_staff": True},
        {"followers": 10_000},
    ],
)
def test_a_profile_takes_nothing_else(
    program: Callable[..., Program], alice: Any, body: Any
) -> None:
    before = Profile.objects.values().get(person=alice)
    assert set(body) == set(
        assert_problem(program(alice).send("patch", "me/", body), 400)["errors"]
    )
    assert Profile.objects.values().get(person=alice) == before


@pytest.mark.parametrize("unseen", ["\u200b", "\u3164 \u2060", "\u2800", "\u0301", "\u200d\ufe0f"])
def test_a_name_that_nobody_sees_is_none(program: Any, alice: Any, unseen: str) -> None:
    answer = program(alice).send("patch", "me/", {"display_name": unseen})
    assert answer.json()["name"] == "alice"


@pytest.mark.parametrize("seen", ["李", "🦀", "~", "\u200bA"])
def test_a_name_with_anything_to_see_is_kept(program: Any, alice: Any, seen: str) -> None:
    assert program(alice).send("patch", "me/", {"display_name": seen}).json()["name"] == seen


def test_others_read_no_address_and_no_position(
    program: Callable[..., Program], alice: Any, bob: Any
) -> None:
    seen = program(bob).get("people/alice/").json()
    assert not {"email", "latitude", "longitude", "personalised"} & set(seen)
    assert seen["viewer"] == {"is_me": False, "follows": True, "followed_by": False, "mutes": False}
    assert (seen["followers"], seen["following"]) == (1, 0)


def test_an_avatar_is_a_picture_or_it_is_refused(
    program: Callable[..., Program], alice: Any, picture: Callable[..., Any]
) -> None:
    robot = program(alice)
    script = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    script.name = "me.jpg"
    assert (
        "file"
        in assert_problem(robot.put("me/avatar/", {"file": script}, format="multipart"), 400)[
            "errors"
        ]
    )
    assert_problem(robot.put("me/avatar/", {}, format="multipart"), 400, "required")
    assert_problem(robot.send("put", "me/avatar/", {"file": "x"}), 415)
    assert Profile.objects.get(person=alice).avatar == ""
    changed = robot.put("me/avatar/", {"file": picture()}, format="multipart")
    assert changed.status_code == 200
    address = changed.json()["avatar"].removeprefix("http://testserver")
    assert program().get(address).status_code == 200


@pytest.mark.parametrize(
    ("path", "model", "state"),
    [("follow", Follow, "following"), ("block", Block, "blocked"), ("mute", Mute, "muted")],
)
def test_a_tie_is_made_once_and_undone_once(
    program: Callable[..., Program], alice: Any, charlie: Any, path: str, model: Any, state: str
) -> None:
    robot = program(charlie)
    for _ in range(2):
        assert robot.put(f"people/alice/{path}/").json() == {state: True}
    assert model.objects.count() == 1
    for _ in range(2):
        assert robot.delete(f"people/alice/{path}/").status_code == 204
    assert model.objects.count() == 0
    assert_problem(robot.put(f"people/charlie/{path}/"), 400, "self")
    assert_problem(robot.put(f"people/nobody/{path}/"), 404)


def test_interests_are_channels_that_exist_and_at_least_three(
    program: Callable[..., Program], alice: Any
) -> None:
    robot = program(alice)
    assert robot.get("me/interests/").json() == {"channels": []}
    two = robot.send("put", "me/interests/", {"channels": ["food", "food", "pottery"]})
    assert_problem(two, 400)
    odd = robot.send("put", "me/interests/", {"channels": ["food", "pottery", "nowhere"]})
    assert "channels" in assert_problem(odd, 400)["errors"]
    chosen = robot.send("put", "me/interests/", {"channels": ["pottery", "food", "cats"]})
    assert chosen.json() == {"channels": ["pottery", "food", "cats"]}


def test_pages_of_people_hold_everybody_once(
    program: Callable[..., Program], make_person: Callable[..., Any], alice: Any
) -> None:
    for number in range(7):
        Follow.objects.create(
            follower=make_person(f"fan{number}"), followed=alice, created_at=timezone.now()
        )
    names, address = [], "people/alice/followers/?limit=3"
    while address:
        page = program().get(address.removeprefix("http://testserver")).json()
        names += [person["username"] for person in page["results"]]
        address = page["next"]
    assert names == [f"fan{number}" for number in range(6, -1, -1)]
