"""Programs plan drafts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.schedules.models import Schedule

from .conftest import assert_problem


@pytest.fixture
def draft(alice, make_note):
    return make_note(alice, publish=False)


def at(**ahead):
    return (timezone.now() + timedelta(**ahead)).isoformat()


def test_a_draft_is_planned_moved_listed_and_taken_off(alice, program, draft):
    client = program(alice)
    answer = client.send("put", f"notes/{draft.pk}/schedule/", {"publish_at": at(hours=2)})
    assert answer.status_code == 200
    plan = answer.json()["schedule"]
    assert (plan["refused_at"], plan["why"]) == (None, "")
    client.send("put", f"notes/{draft.pk}/schedule/", {"publish_at": at(hours=5)})
    [listed] = client.get("me/scheduled/").json()["results"]
    assert listed["id"] == draft.pk
    assert listed["schedule"]["publish_at"] > plan["publish_at"]
    assert client.delete(f"notes/{draft.pk}/schedule/").status_code == 204
    assert client.delete(f"notes/{draft.pk}/schedule/").status_code == 204
    assert client.get("me/scheduled/").json()["results"] == []
    assert client.get(f"notes/{draft.pk}/").json()["schedule"] is None


def test_the_next_one_comes_first_and_pages_go_on(alice, program, make_note):
    client = program(alice)
    for hours in (3, 1, 2):
        note = make_note(alice, f"In {hours}", publish=False)
        client.send("put", f"notes/{note.pk}/schedule/", {"publish_at": at(hours=hours)})
    page = client.get("me/scheduled/?limit=2").json()
    titles = [note["title"] for note in page["results"]]
    rest = client.get(page["next"].replace("http://testserver", "")).json()
    assert titles + [note["title"] for note in rest["results"]] == ["In 1", "In 2", "In 3"]


@pytest.mark.parametrize(
    "publish_at",
    [
        "2001-01-01T10:00:00Z", "2099-01-01T10:00:00Z", "2026-12-24T10:00:00", "2026-12-24",
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "soon", "", 1_900_000_000, None,
        True, ["2026-12-24T10:00:00Z"],
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_by_field(alice, program, draft, publish_at):
    answer = program(alice).send("put", f"notes/{draft.pk}/schedule/", {"publish_at": publish_at})
    assert "publish_at" in assert_problem(answer, 400)["errors"]
    assert not Schedule.objects.exists()


def test_others_are_told_nothing_of_it(alice, bob, program, draft):
    client = program(bob)
    body = {"publish_at": at(hours=2)}
    assert_problem(client.send("put", f"notes/{draft.pk}/schedule/", body), 404)
    assert_problem(client.delete(f"notes/{draft.pk}/schedule/"), 404)
    assert_problem(program().send("put", f"notes/{draft.pk}/schedule/", body), 401)


def test_what_is_published_is_planned_no_more(alice, program, make_note):
    note = make_note(alice)
    body = {"publish_at": at(hours=2)}
    assert_problem(program(alice).send("put", f"notes/{note.pk}/schedule/", body), 409)
