"""Two moderators decide at the same moment: one verdict stands, both are on record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from community.models import Note
from community.moderation.deciding import decide_case
from community.moderation.errors import AlreadyDecided
from community.moderation.models import Case, LogLine
from community.moderation.reports import report_note
from community.moderation.verdicts import Verdict

HIDE = Verdict(act="hide", guideline="spam")


def moderator_of(person):
    right = Permission.objects.get(codename="add_decision", content_type__app_label="moderation")
    person.user_permissions.add(right)
    return type(person).objects.get(pk=person.pk)


@pytest.mark.letter("A4")
def test_two_opposite_verdicts_at_once_one_stands_and_both_are_on_record(
    file_database, at_once, make_person, make_note
):
    """Drill A4, with the locks of the database the community runs on."""
    alice, charlie = make_person("alice"), make_person("charlie")
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    case = Case.objects.get()
    people = [moderator_of(make_person(name)) for name in ("morgan", "nadia")]
    verdicts = [HIDE, Verdict(act="keep", words="It is fine")]

    def give(by, verdict):
        def run():
            try:
                return decide_case(by=by, case_id=case.pk, verdict=verdict)
            except AlreadyDecided as refusal:
                return refusal

        return run

    answers = at_once([give(*pair) for pair in zip(people, verdicts, strict=True)], threads=2)
    refused = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
    assert len(refused) == 1
    assert refused[0].status == 409
    winner = case.decisions.get()
    assert winner.moderator.username in str(refused[0])
    assert (Note.objects.get(pk=note.pk).hidden_at is not None) == (winner.act == "hide")
    lines = LogLine.objects.filter(about=f"case {case.pk}")
    assert {line.act for line in lines} == {"decided", "refused"}
    assert {line.actor_id for line in lines} == {person.pk for person in people}
