"""Doors that are open when something happens: whoever stands in one is out with the next request.

Nothing streams here: pages that live ask again (every few seconds at most), and each asking passes
the gate anew. So what holds for the next request holds within the pause of a page.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from accounts.errors import DomainError
from accounts.services import block_user
from community.messaging.services import Said, send_message, write_to
from community.moderation.deciding import decide_thing
from community.moderation.verdicts import Verdict
from tests.programs.conftest import Walk, program  # noqa: F401 (a fixture)

from .conftest import PASSWORD, PHONE

pytestmark = pytest.mark.letter("D3")
NEW_PASSWORD = "rock-and-tide-7"


@pytest.fixture
def talk(alice, bob):
    """Bob wrote to Alice, and she answered: both read along."""
    talk = write_to(sender=bob, username="alice", said=Said(body="Hello")).conversation
    write_to(sender=alice, username="bob", said=Said(body="Hello you"))
    return talk


@pytest.fixture
def doors(bob, log_in, talk, program):  # noqa: F811 (the fixture)
    """What Bob has open elsewhere: his settings, a conversation, two programs. By name: a function
    that says whether the door still lets him in."""
    there, secret = log_in(bob, PHONE), AuthToken.objects.create(bob)[1]
    walk = Walk(program, bob)
    oauth = walk.tokens()["access_token"]

    def page(address: str, **headers: str) -> bool:
        answer = there.get(address, headers=headers)
        return answer.status_code == 200 and "HX-Redirect" not in answer.headers

    return {
        "page": lambda: page("/settings/"),
        "conversation": lambda: page(f"/messages/{talk.pk}/?after=0", HX_Request="true"),
        "notices": lambda: page("/notifications/"),
        "token": lambda: (
            Client(headers={"authorization": f"Token {secret}"}).get("/api/v1/me/").status_code
            == 200
        ),
        "program": lambda: walk.api(oauth).status_code == 200,
    }


def open_ones(doors: dict[str, Any]) -> set[str]:
    return {name for name, lets_in in doors.items() if lets_in()}


EVERY = {"page", "conversation", "notices", "token", "program"}
PROGRAMS = {"token", "program"}


def banned(bob, here, keeper):
    verdict = Verdict(act="ban", guideline="spam")
    decide_thing(by=keeper, kind="person", pk=bob.pk, verdict=verdict)


def signed_out_elsewhere(bob, here, keeper):
    here.post("/settings/safety/places/end/")


def new_password(bob, here, keeper):
    new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/account/password/change/", new)


def new_password_and_no_programs(bob, here, keeper):
    new_password(bob, here, keeper)
    here.post("/settings/safety/programs/end/")


@pytest.mark.parametrize(
    ("what", "still_open"),
    [
        (banned, set()),
        (signed_out_elsewhere, PROGRAMS),
        (new_password, PROGRAMS),
        (new_password_and_no_programs, set()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_who_is_out_is_out_with_the_next_request(doors, bob, log_in, make_person, what, still_open):
    keeper = make_person("keeper")
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    here = log_in(bob)
    assert open_ones(doors) == EVERY
    what(bob, here, keeper)
    assert open_ones(doors) == still_open


def test_after_a_block_nothing_new_comes_through_a_conversation(doors, alice, bob, talk, log_in):
    there = log_in(bob)
    block_user(blocker=alice, blocked=bob)
    with pytest.raises(DomainError):
        send_message(sender=alice, conversation_id=talk.pk, said=Said(body="CANARY"))
    answer = there.get(f"/messages/{talk.pk}/?after=0", headers={"HX-Request": "true"})
    assert "CANARY" not in answer.content.decode()
    refused = there.post(f"/messages/{talk.pk}/", {"body": "Still me"})
    assert refused.status_code in (400, 403, 404, 409)
    assert talk.messages.count() == 2
