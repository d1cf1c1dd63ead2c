"""The steps of a note through the pools reach its author's programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Note
from community.moderation.services import hide_note, restore_note
from community.services.writing import delete_note
from community.signals import note_returned
from community.webhooks import services
from community.webhooks.models import Delivery
from feeds.models import PoolEntry, PoolTransition
from feeds.pool_keeper import advance

KINDS = ["pool.promoted", "pool.settled", "reach.limited", "reach.restored"]


@pytest.fixture
def hook(alice):
    return services.add_endpoint(
        person=alice, url="https://example.org/in", kinds=KINDS, now=timezone.now()
    )


def told():
    return list(Delivery.objects.order_by("pk").values_list("kind", flat=True))


def test_a_note_that_rises_and_one_that_rests(alice, hook, make_note, work_off):
    good, poor = make_note(alice, "A good one"), make_note(alice, "A poor one")
    work_off()
    now = timezone.now() + timedelta(days=4)
    running = PoolEntry.objects.filter(note__in=[good.pk, poor.pk])
    running.update(promised=100, delivered=100, engagement=0, due_at=now)
    running.filter(note=good.pk).update(engagement=60)
    advance(now=now)
    advance(now=now)
    assert sorted(told()) == ["pool.promoted", "pool.settled"]
    bodies = dict(Delivery.objects.values_list("kind", "body"))
    assert f'"note":{good.pk}' in bodies["pool.promoted"]
    assert PoolTransition.objects.filter(note=good.pk, to_tier=1).exists()


def test_hidden_by_a_moderator_and_shown_again(alice, hook, make_note, work_off, admin_user):
    note = make_note(alice)
    work_off()
    hide_note(moderator=admin_user, note_id=note.pk, reason="A test")
    work_off()
    assert told() == ["reach.limited"]
    restore_note(moderator=admin_user, note_id=note.pk, reason="It was one")
    work_off()
    assert told() == ["reach.limited", "reach.restored"]


def test_what_its_author_deletes_is_no_news(alice, hook, make_note, work_off):
    note = make_note(alice)
    work_off()
    delete_note(author=alice, note_id=note.pk)
    work_off()
    assert told() == []


def test_what_its_author_hides_and_shows_again_is_no_news(alice, hook, make_note, work_off):
    note = make_note(alice)
    work_off()
    for visibility in ("private", "public"):
        Note.objects.filter(pk=note.pk).update(visibility=visibility)
        note_returned.send(Note, note_id=note.pk, now=timezone.now())
        work_off()
    assert PoolTransition.objects.filter(note=note.pk, reason="returned").exists()
    assert told() == []
