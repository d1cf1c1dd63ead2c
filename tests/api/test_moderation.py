"""Reports, their withdrawal, decisions about oneself, and the appeal, by programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from community.moderation.appeals import review
from community.moderation.deciding import decide_case
from community.moderation.models import Appeal, Case, Report
from community.moderation.verdicts import Verdict

from .conftest import Program, assert_problem


@pytest.fixture
def seniors(make_person: Callable[..., Any]) -> list[User]:
    people = [make_person(name) for name in ("selma", "sven")]
    for person in people:
        person.groups.add(Group.objects.get(name="Senior moderators"))
    return [User.objects.get(pk=person.pk) for person in people]


def test_from_a_report_to_an_appeal_that_is_heard(
    program: Callable[..., Program],
    alice: Any,
    charlie: Any,
    make_note: Callable[..., Any],
    seniors: list[User],
) -> None:
    author, reader, note = program(alice), program(charlie), make_note(alice)
    sent = reader.send("POST", f"notes/{note.pk}/report/", {"reason": "spam", "words": "An advert"})
    assert sent.status_code == 201
    [listed] = reader.get("me/reports/").json()["results"]
    assert (listed["note"], listed["outcome"]) == (note.pk, "open")
    verdict = Verdict(act="limit", guideline="spam", days=3)
    decide_case(by=seniors[0], case_id=Case.objects.get().pk, verdict=verdict)
    assert reader.get("me/reports/").json()["results"][0]["outcome"] == "upheld"
    [decision] = author.get("me/decisions/").json()["results"]
    assert (decision["act"], decision["rule"]["code"], decision["may_appeal"]) == (
        "limit", "spam", True,
    )  # fmt: skip
    address = f"me/decisions/{decision['id']}/"
    assert author.get(f"notes/{note.pk}/").json()["limited"] is True
    assert reader.get(f"notes/{note.pk}/").json()["limited"] is False
    assert_problem(reader.get(address), 404, "not_found")
    assert_problem(reader.send("POST", address + "appeal/", {"words": "No"}), 404, "not_found")
    assert_problem(author.send("POST", address + "appeal/", {"words": ""}), 400)
    appealed = author.send("POST", address + "appeal/", {"words": "It is mine"})
    assert appealed.status_code == 201
    assert appealed.json()["appeal"]["state"] == "open"
    assert_problem(author.send("POST", address + "appeal/", {"words": "Again"}), 409, "appealed")
    review(by=seniors[1], appeal_id=Appeal.objects.get().pk, overturn=True, words="Yes")
    heard = author.get(address).json()
    assert (heard["ended_as"], heard["appeal"]["answer"]) == ("overturned", "Yes")
    assert author.get(f"notes/{note.pk}/").json()["limited"] is False


def test_a_report_is_withdrawn_by_what_it_is_about_or_by_its_id(
    program: Callable[..., Program], alice: Any, charlie: Any, make_note: Callable[..., Any]
) -> None:
    reader, note = program(charlie), make_note(alice)
    assert reader.send("POST", "people/alice/report/", {"reason": "abuse"}).status_code == 201
    assert reader.send("POST", f"notes/{note.pk}/report/", {"reason": "spam"}).status_code == 201
    for _ in range(2):
        assert reader.delete(f"notes/{note.pk}/report/").status_code == 204
    report = Report.objects.get(person=alice)
    assert_problem(program(alice).delete(f"me/reports/{report.pk}/"), 404, "not_found")
    assert reader.delete(f"me/reports/{report.pk}/").status_code == 204
    assert set(Report.objects.values_list("outcome", flat=True)) == {"withdrawn"}
    assert not Case.objects.waiting().exists()


def test_too_many_reports_are_429(
    settings: Any, program: Callable[..., Program], alice: Any, charlie: Any, make_note: Any
) -> None:
    settings.REPORT_RATE = "1/1h"
    reader = program(charlie)
    for status in (201, 429):
        answer = reader.send("POST", f"notes/{make_note(alice).pk}/report/", {"reason": "spam"})
        assert answer.status_code == status
