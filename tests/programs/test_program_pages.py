"""Registering a program, and the list of those that one allowed."""

from __future__ import annotations

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from .conftest import BACK

GOOD = {"name": "Tide Clock", "addresses": BACK}


@pytest.fixture
def pages(alice):
    client = Client()
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    return client


def test_a_program_is_registered_changed_and_taken_away(pages):
    made = pages.post("/settings/programs/new/", GOOD | {"keeps_secret": "on"})
    program = Application.objects.get()
    secret = made.context["secret"]
    assert secret in made.content.decode()
    address = f"/settings/programs/{program.pk}/"
    page = pages.get(address).content.decode()
    assert program.client_id in page
    assert secret not in page
    pages.post(address, GOOD | {"name": "Tide Table"})
    assert "Tide Table" in pages.get("/settings/programs/").content.decode()
    assert pages.post(f"{address}remove/").status_code == 303
    assert not Application.objects.exists()


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"name": "x" * 61}, {"name": "Rock\u202epool"}, {"name": "\x00"},
    {"addresses": ""},
    {"addresses": "http://evil.example/"}, {"addresses": "javascript:alert(1)"},
    {"addresses": " ".join(f"https://a.b/{n}" for n in range(11))}, {"addresses": "x" * 9_000},
])  # fmt: skip
def test_what_cannot_be_registered_is_refused_with_what_was_typed(pages, wrong):
    answer = pages.post("/settings/programs/new/", GOOD | wrong)
    assert answer.status_code == 400
    assert b'role="alert"' in answer.content
    assert not Application.objects.exists()


def test_nobody_registers_without_end(pages, alice):
    answers = [pages.post("/settings/programs/new/", GOOD).status_code for _ in range(21)]
    assert answers == [200] * 20 + [409]


def test_other_peoples_programs_are_not_there(pages, walk, bob):
    stranger = Client()
    stranger.force_login(bob, backend="accounts.backends.PersonBackend")
    address = f"/settings/programs/{walk.program.pk}/"
    for method, path in (("get", ""), ("post", ""), ("post", "remove/"), ("post", "end/")):
        assert getattr(stranger, method)(f"{address}{path}", GOOD).status_code == 404
    assert Application.objects.get().name == "Tide Clock"


def test_an_allowed_program_is_listed_in_plain_words_and_ended(walk, bob):
    walk.tokens(scope="read")
    listed = walk.browser.get("/settings/programs/").content.decode()
    assert "Tide Clock" in listed
    assert "Read what you can read" in listed
    walk.browser.post(f"/settings/programs/{walk.program.pk}/end/")
    assert not AccessToken.objects.exists()
    assert (
        "No program of others acts for you."
        in walk.browser.get("/settings/programs/").content.decode()
    )


def test_ending_ones_own_leave_touches_nobody_elses(walk, pages, alice):
    tokens = walk.tokens()
    pages.post(f"/settings/programs/{walk.program.pk}/end/")
    assert walk.api(tokens["access_token"]).status_code == 200
