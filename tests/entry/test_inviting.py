"""Members who invite: whom, how many, for how long, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.entry import inviting, services
from accounts.entry.models import EntryRules, Invitation
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User

FORM = {"username": "dora", "email": "dora@example.org", "password1": "tide-and-rock-9"}
DAY = timedelta(days=1)
# who: (mode, age, staff, invitations a week) and a part of the refusal, or nothing.
MAY = [
    ("invitation", 8 * DAY, False, 3, ""),
    ("invitation", 7 * DAY, False, 3, ""),
    ("invitation", 6 * DAY, False, 3, "a week old"),
    ("invitation", 0 * DAY, True, 3, ""),
    ("invitation", 8 * DAY, False, 0, "Only the people who run"),
    ("invitation", 0 * DAY, True, 0, ""),
    ("open", 8 * DAY, False, 3, "Nobody needs"),
    ("open", 8 * DAY, True, 3, "Nobody needs"),
    ("closed", 8 * DAY, False, 3, "Nobody needs"),
    ("approval", 8 * DAY, False, 3, "Nobody needs"),
]


@pytest.fixture
def by_invitation(db):
    return EntryRules.objects.create(mode="invitation")


@pytest.fixture
def member(alice):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - 30 * DAY)
    return User.objects.get(pk=alice.pk)


def browser(person):
    client = Client()
    client.force_login(person, "accounts.backends.PersonBackend")
    return client


@pytest.mark.parametrize(("mode", "age", "staff", "a_week", "refusal"), MAY)
def test_who_may_invite(mode, age, staff, a_week, refusal, alice, settings):
    settings.INVITATIONS_A_WEEK = a_week
    EntryRules.objects.create(mode=mode)
    now = timezone.now()
    alice.is_staff, alice.date_joined = staff, now - age
    alice.save()
    said = inviting.why_no_invitation(alice, now)
    assert (refusal in said) if refusal else (said == "")
    page = browser(alice).get("/settings/invitations/").content.decode()
    assert ("Make an invitation" in page) is not bool(refusal)
    if refusal:
        with pytest.raises(NotAllowed):
            inviting.make_invitation(by=alice, now=now)
        assert browser(alice).post("/settings/invitations/").status_code == 403


def test_three_a_week_and_then_more(by_invitation, member):
    now = timezone.now()
    for _ in range(3):
        inviting.make_invitation(by=member, now=now)
    with pytest.raises(Conflict):
        inviting.make_invitation(by=member, now=now)
    assert inviting.make_invitation(by=member, now=now + 7 * DAY + timedelta(minutes=1))


def test_one_that_was_taken_back_counts_and_lets_nobody_in(by_invitation, member, charlie):
    now = timezone.now()
    row = inviting.make_invitation(by=member, now=now)
    with pytest.raises(NotFound):
        inviting.withdraw_invitation(by=charlie, invitation_id=row.pk, now=now)
    services.check_invitation(code=row.code, now=now)
    inviting.withdraw_invitation(by=member, invitation_id=row.pk, now=now)
    with pytest.raises(NotFound):
        inviting.withdraw_invitation(by=member, invitation_id=row.pk, now=now)
    with pytest.raises(Invalid, match="time is over"):
        services.use_invitation(code=row.code, now=now)
    assert inviting.left_this_week(member, now) == 2


def test_from_the_button_to_the_newcomer(by_invitation, member):
    client = browser(member)
    client.post("/settings/invitations/")
    row = Invitation.objects.get()
    assert (row.uses, row.made_by_id) == (1, member.pk)
    page = client.get("/settings/invitations/").content.decode()
    assert f"/account/signup/?invitation={row.code}" in page
    form = Client().get(f"/account/signup/?invitation={row.code}").content.decode()
    assert f'value="{row.code}"' in form
    joined = Client().post("/account/signup/", FORM | {"invitation": row.code})
    assert joined.headers["Location"] == "/welcome/"
    assert "Somebody came with it" in client.get("/settings/invitations/").content.decode()


REFUSALS = [("unknown", "look at each letter"), ("used", "it was used"), ("over", "time is over")]


@pytest.mark.parametrize(("what", "words"), REFUSALS)
def test_each_refusal_says_what_is_wrong(what, words, by_invitation, member):
    row = inviting.make_invitation(by=member, now=timezone.now())
    if what == "used":
        Invitation.objects.update(used=1)
    code = "NOTACODE" if what == "unknown" else row.code
    later = timezone.now() + (15 * DAY if what == "over" else timedelta(0))
    with time_machine.travel(later, tick=False):
        answer = Client().post("/account/signup/", FORM | {"invitation": code})
    assert words in answer.content.decode()
    assert not User.objects.filter(username="dora").exists()


def test_what_stands_in_a_link_is_only_typed_for_one(by_invitation):
    odd = Client().get("/account/signup/?invitation=%3Cscript%3Ealert(1)").content.decode()
    assert "<script>alert" not in odd
    assert Client().get(f"/account/signup/?invitation={'A' * 9_000}").status_code == 200


def test_staff_makes_as_many_as_it_likes(by_invitation, member):
    User.objects.filter(pk=member.pk).update(is_staff=True)
    chief = User.objects.get(pk=member.pk)
    for _ in range(5):
        inviting.make_invitation(by=chief, now=timezone.now())
