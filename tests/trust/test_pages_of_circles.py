"""What moderators and authors see of a circle."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from feeds.models import PoolEntry, PoolTransition
from feeds.pool_page import pool_page
from feeds.trust.models import Circle, Member, Reader
from tests.admin.conftest import allow, logged_in

FIGURES = {
    "mutual": {"found": 0.98, "usual": 0.5, "sign": 1.0},
    "often": {"found": 31, "usual": 8, "sign": 1.0},
    "shared": {"found": 0.0, "usual": 0.3, "sign": 0.0},
}


@pytest.fixture
def circle(alice, bob, charlie):
    now = timezone.now()
    circle = Circle.objects.create(
        kind="ring", size=3, weight=0, figures=FIGURES, fingerprint="f", found_at=now, seen_at=now
    )
    for person in (alice, bob, charlie):
        Member.objects.create(circle=circle, person=person, inside=4, acts=5)
    return circle


def test_a_moderator_reads_the_evidence_and_lifts_with_a_reason(circle, make_person):
    judge = allow(make_person("judge"), "trust.view_circle", "trust.change_circle")
    desk = logged_in(judge)
    address = reverse("admin:trust_circle_change", args=[circle.pk])
    page = desk.get(address).content.decode()
    for told in ("98%", "alice", "charlie", "0 reactions", "This is fine"):
        assert told in page
    ruling = reverse("admin:trust_ruling", args=[circle.pk])
    desk.post(ruling, {"act": "lift", "reason": ""})
    assert Circle.objects.get().state == "found"
    desk.post(ruling, {"act": "lift", "reason": "A <b>choir</b>"})
    assert Circle.objects.get().state == "lifted"
    page = desk.get(address).content.decode()
    assert "A &lt;b&gt;choir&lt;/b&gt;" in page
    assert "Discount it again" in page
    assert desk.get(reverse("admin:trust_circle_changelist")).status_code == 200
    assert desk.get(ruling).status_code == 404


def test_who_may_only_look_is_offered_nothing_and_refused(circle, make_person):
    desk = logged_in(allow(make_person("looker"), "trust.view_circle"))
    page = desk.get(reverse("admin:trust_circle_change", args=[circle.pk])).content.decode()
    assert "This is fine" not in page
    ruling = reverse("admin:trust_ruling", args=[circle.pk])
    assert desk.post(ruling, {"act": "lift", "reason": "mine"}).status_code == 403
    assert Circle.objects.get().state == "found"


def test_readers_who_count_for_less_are_listed(at_the_desk, charlie):
    Reader.objects.create(person=charlie, weight=0, signs=["farm"], since=timezone.now())
    page = at_the_desk.get(reverse("admin:trust_reader_changelist")).content.decode()
    assert "charlie" in page
    assert "farm" in page


@pytest.mark.parametrize(("here", "before", "told"), [(0, 0, 0), (2, 0, 0), (3, 0, 3), (5, 7, 12)])
def test_the_author_is_told_a_total_over_all_pools_and_nobodys_name(
    alice, make_note, work_off, circle, here, before, told
):
    note = make_note(alice)
    work_off()
    now = timezone.now()
    PoolEntry.objects.filter(note=note).update(discounted_acts=here)
    PoolTransition.objects.create(
        note=note, from_tier=0, to_tier=1, state="running", reason="promoted", root_channel_id=1,
        figures={"discounted_acts": float(before), "lower_bound": 0.1, "gate": 0.05}, at=now,
    )  # fmt: skip
    assert pool_page(note, now=now).discounted == told
    page = logged_in(alice).get(f"/notes/{note.pk}/pool/").content.decode()
    assert (f"{told} reactions were not counted in full" in page) == bool(told)
    assert "charlie" not in page


@pytest.fixture
def at_the_desk(make_person):
    keeper = make_person("keeper")
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    return logged_in(keeper)
