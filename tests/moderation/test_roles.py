"""Two roles: what each may do is a table, and what the table says is what happens."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.errors import DomainError, Invalid, NotAllowed
from accounts.models import User
from community.moderation import appeals, cases, roles
from community.moderation.deciding import decide_case
from community.moderation.models import Case
from community.moderation.reports import report_note
from community.moderation.rules import ACTS
from community.moderation.verdicts import Verdict

pytestmark = pytest.mark.letter("D6")

NOBODY, READER = "nobody", "reader"
WHO = (NOBODY, READER, roles.MODERATORS, roles.SENIORS)
# act, then whether each of WHO may.
TABLE = [
    ("take", False, False, True, True),
    ("keep", False, False, True, True),
    ("label", False, False, True, True),
    ("limit", False, False, True, True),
    ("hide", False, False, True, True),
    ("warn", False, False, True, True),
    ("remove", False, False, False, True),
    ("suspend", False, False, False, True),
    ("ban", False, False, False, True),
    ("review", False, False, False, True),
]
FULL = {"guideline": "spam", "days": 2, "label": "sensitive"}


@pytest.fixture
def person_of(make_person):
    """Somebody of a role; a reader is staff without any right."""

    def make(role):
        person = make_person(role.split()[0].lower())
        if role != NOBODY:
            person.is_staff = True
            person.save(update_fields=["is_staff"])
        if role in roles.ROLES:
            person.groups.add(Group.objects.get(name=role))
        return User.objects.get(pk=person.pk)

    return make


@pytest.mark.parametrize(
    ("act", "role", "may"),
    [(act, role, may) for act, *row in TABLE for role, may in zip(WHO, row, strict=True)],
)
def test_each_role_may_what_the_table_says(
    alice, charlie, make_note, moderator, person_of, act, role, may
):
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    case, person = Case.objects.get(), person_of(role)

    def do():
        if act == "take":
            return cases.take(by=person, case_id=case.pk, now=timezone.now())
        if act == "review":
            verdict = Verdict(act="hide", guideline="spam")
            [decision] = decide_case(by=moderator, case_id=case.pk, verdict=verdict)
            made = appeals.appeal(by=alice, decision_id=decision.pk, words="No")
            return appeals.review(by=person, appeal_id=made.pk, overturn=True, words="Yes")
        return decide_case(by=person, case_id=case.pk, verdict=Verdict(act=act, **FULL))

    if may:
        assert do()
    else:
        with pytest.raises(NotAllowed):
            do()


def test_every_act_is_in_the_table():
    assert set(ACTS["note"]) <= {row[0] for row in TABLE}


def test_the_roles_are_brought_back_and_others_are_left_alone(db):
    own = Group.objects.create(name="Archivists")
    group = Group.objects.get(name=roles.MODERATORS)
    before = set(group.permissions.values_list("codename", flat=True))
    assert "add_decision" in before
    assert "ban_person" not in before
    group.permissions.clear()
    for _ in range(2):
        roles.ensure()
    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert not own.permissions.exists()


def test_refusals_are_sentences(alice, charlie, make_note, moderator):
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    for verdict in (Verdict(act="ban"), Verdict(act="hide")):
        with pytest.raises(DomainError) as refusal:
            decide_case(by=moderator, case_id=Case.objects.get().pk, verdict=verdict)
        assert isinstance(refusal.value, NotAllowed | Invalid)
        assert len(str(refusal.value)) > 10
