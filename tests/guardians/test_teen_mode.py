"""Teen mode: rules as tables, the pairing, the hours, and what a teen meets and does not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from accounts.guardians import rules, services
from accounts.guardians.models import Guardianship
from accounts.limits import TooOften
from accounts.models import Profile, User
from accounts.privacy import change_privacy
from accounts.services import follow_user
from community.messaging.services import Said, write_to
from community.notifications.models import Notification

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MORE_OPEN = [
    ("seen_by", "everybody", "followers", True),
    ("seen_by", "members", "followers", True),
    ("seen_by", "followers", "followers", False),
    ("seen_by", "followers", "everybody", False),
    ("may_comment", "nobody", "followed", False),
    ("may_comment", "everybody", "nobody", True),
    ("may_mention", "followers", "followed", True),
    ("discoverable", True, False, True),
    ("discoverable", False, True, False),
    ("indexed", True, True, False),
]
HOURS = [
    (time(7), time(22), time(7), True),
    (time(7), time(22), time(21, 59), True),
    (time(7), time(22), time(22), False),
    (time(7), time(22), time(6, 59), False),
    (time(20), time(2), time(1), True),
    (time(20), time(2), time(2), False),
    (time(20), time(2), time(19), False),
    (time(8), time(8), time(3), True),
]


@pytest.mark.parametrize(("field", "wanted", "present", "expected"), MORE_OPEN)
def test_what_opens_is_for_the_guardian(field, wanted, present, expected):
    assert rules.is_more_open(field, wanted, present) is expected


@pytest.mark.parametrize(("opens", "closes", "now", "expected"), HOURS)
def test_which_hours_are_open(opens, closes, now, expected):
    assert rules.is_open_hour(now, opens=opens, closes=closes) is expected


def test_what_is_more_closed_already_stays():
    present = dict(rules.CLOSED) | {"may_comment": "nobody", "seen_by": "everybody"}
    assert rules.closed(present) == {"seen_by": "followers"}


@pytest.fixture
def teen(alice):
    Profile.objects.filter(person=alice).update(city="Hangzhou", latitude=30.0, longitude=120.0)
    return User.objects.select_related("profile").get(pk=alice.pk)


@pytest.fixture
def paired(teen, bob):
    code = services.make_code(teen=teen, now=NOW).code
    return services.accept(guardian=bob, code=f" {code.lower()} ", now=NOW)


def profile_of(person):
    return Profile.objects.get(person=person)


def as_person(person):
    client = Client()
    client.force_login(person, "accounts.backends.PersonBackend")
    return client


def test_a_pairing_closes_the_profile_and_tells_both(paired, teen, bob, work_off):
    profile = profile_of(teen)
    assert {field: getattr(profile, field) for field in rules.CLOSED} == rules.CLOSED
    assert (profile.teen, profile.latitude) == (True, None)
    work_off()
    told = Notification.objects.filter(kind="safety").values_list("person", flat=True)
    assert set(told) == {teen.pk, bob.pk}


def test_a_code_is_good_once_and_for_an_hour(teen, bob, charlie):
    code = services.make_code(teen=teen, now=NOW).code
    for person, at in ((teen, NOW), (bob, NOW + timedelta(hours=1))):
        with pytest.raises(Invalid):
            services.accept(guardian=person, code=code, now=at)
    services.accept(guardian=bob, code=code, now=NOW)
    with pytest.raises(Invalid):
        services.accept(guardian=charlie, code=code, now=NOW)
    with pytest.raises(Conflict):
        services.make_code(teen=teen, now=NOW)


def test_codes_are_not_guessed(teen, charlie):
    for _ in range(10):
        with pytest.raises(Invalid):
            services.accept(guardian=charlie, code="AAAAAAAA", now=NOW)
    with pytest.raises(TooOften):
        services.accept(guardian=charlie, code=services.make_code(teen=teen, now=NOW).code, now=NOW)


def test_a_teen_is_nobodys_guardian(paired, teen, charlie):
    teen.refresh_from_db()
    code = services.make_code(teen=charlie, now=NOW).code
    fresh = User.objects.select_related("profile").get(pk=teen.pk)
    with pytest.raises(NotAllowed):
        services.accept(guardian=fresh, code=code, now=NOW)


def test_a_teen_closes_but_does_not_open(paired, teen):
    change_privacy(person=teen, may_comment="nobody")
    with pytest.raises(services.GuardianDecides):
        change_privacy(person=teen, seen_by="everybody")
    assert profile_of(teen).seen_by == "followers"


def test_the_guardian_opens_and_nobody_else(paired, teen, bob, charlie):
    hours = {"opens": time(8), "closes": time(20), "now": NOW}
    with pytest.raises(NotFound):
        services.set_rules(guardian=charlie, teen_id=teen.pk, seen_by="everybody", **hours)
    services.set_rules(guardian=bob, teen_id=teen.pk, seen_by="members", **hours)
    assert profile_of(teen).seen_by == "members"
    with pytest.raises(Invalid):
        services.set_rules(guardian=bob, teen_id=teen.pk, seen_by="x", **hours)


@pytest.mark.parametrize("who", ["teen", "guardian"])
def test_either_ends_it_and_what_is_closed_stays_closed(paired, teen, bob, charlie, who):
    with pytest.raises(NotFound):
        services.end(by=charlie, teen_id=teen.pk, now=NOW)
    services.end(by=teen if who == "teen" else bob, teen_id=teen.pk, now=NOW)
    with pytest.raises(NotFound):
        services.end(by=bob, teen_id=teen.pk, now=NOW)
    assert (profile_of(teen).teen, profile_of(teen).seen_by) == (False, "followers")
    change_privacy(person=teen, seen_by="everybody")


@pytest.mark.parametrize(("hour", "status"), [(12, 200), (23, 403), (6, 403)])
def test_outside_of_their_hours_a_teen_meets_one_page(paired, teen, hour, status):
    Profile.objects.filter(person=teen).update(time_zone="UTC")
    client = as_person(teen)
    with time_machine.travel(NOW.replace(hour=hour), tick=False):
        client.force_login(teen, "accounts.backends.PersonBackend")
        assert client.get("/settings/").status_code == status
        assert client.get("/settings/family/").status_code == 200
        assert client.post("/account/logout/").status_code == 302


def test_the_hours_are_of_the_teens_own_day(paired, teen):
    Profile.objects.filter(person=teen).update(time_zone="Asia/Shanghai")
    with time_machine.travel(NOW.replace(hour=15), tick=False):  # 23:00 there
        assert as_person(teen).get("/settings/").status_code == 403


def test_a_teens_city_is_shown_to_nobody_else(paired, teen, bob):
    assert "Hangzhou" not in as_person(bob).get("/people/alice/").content.decode()
    assert as_person(bob).get("/api/v1/people/alice/").json()["city"] == ""


def test_strangers_begin_no_conversation_with_a_teen(paired, teen, bob, charlie):
    with pytest.raises(DomainError):
        write_to(sender=charlie, username=teen.username, said=Said(body="Hello"))
    assert write_to(sender=charlie, username=bob.username, said=Said(body="Hello"))
    follow_user(follower=teen, followed=charlie)
    assert write_to(sender=charlie, username=teen.username, said=Said(body="Hello again"))


def test_the_family_pages_lead_through_a_pairing(alice, bob):
    teen, adult = as_person(alice), as_person(bob)
    teen.post("/settings/family/code/")
    code = teen.get("/settings/family/").context["pairing"].code
    assert adult.post("/settings/family/accept/", {"code": "WRONG"}).status_code == 400
    assert adult.post("/settings/family/accept/", {"code": code}).status_code == 303
    assert "You look after alice" in adult.get("/settings/family/").content.decode()
    body = {"opens": "08:00", "closes": "20:30", "seen_by": "members", "may_mention": "nobody",
            "may_comment": "followers"}  # fmt: skip
    path = f"/settings/family/{alice.pk}/"
    assert adult.post(f"{path}rules/", body).status_code == 303
    assert Guardianship.objects.get().closes == time(20, 30)
    assert adult.post(f"{path}rules/", body | {"opens": "\x00"}).status_code == 400
    with time_machine.travel(timezone.now().replace(hour=12), tick=False):
        assert teen.post(f"{path}rules/", body).status_code == 404
    assert teen.post(f"{path}end/").status_code == 303
    assert not Guardianship.objects.exists()


def test_a_teen_is_sent_no_paid_card(paired, teen, monkeypatch):
    from feeds.boosts import slots

    asked = []
    monkeypatch.setattr(slots, "running", lambda now: True)
    monkeypatch.setattr(slots, "offers_for", lambda viewer, **_: asked.append(viewer) or [])

    class Nothing:
        served, offset, slotted = 0, 0, frozenset()
        snapshot = type("Snapshot", (), {"rows": [], "taste": None})()

    fresh = User.objects.select_related("profile").get(pk=teen.pk)
    slots.open_places(fresh, Nothing(), size=10, channel=None, now=NOW)
    assert asked == []
    slots.open_places(paired.guardian, Nothing(), size=10, channel=None, now=NOW)
    assert asked == [paired.guardian]
