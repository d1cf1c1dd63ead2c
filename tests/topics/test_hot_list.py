"""The hot list end to end: distinct people, movement, what drives it, events."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Tag
from community.services.comments import add_comment
from community.services.reactions import like_note, unlike_note
from feeds import heat, hot
from feeds.hot_rules import Heated
from feeds.serving import serve_hot
from feeds.topics.models import ScheduledEvent

pytestmark = pytest.mark.django_db


def heats(now) -> dict[int, float]:
    return {row.note: row.heat for row in hot.rank_hot(now).notes}


def test_likes_taken_back_and_comments_repeated_add_nothing(
    alice, bob, charlie, make_note, work_off
):
    note = make_note(alice)
    for _ in range(5):
        like_note(person=bob, note_id=note.pk)
        unlike_note(person=bob, note_id=note.pk)
    like_note(person=bob, note_id=note.pk)
    for number in range(5):
        add_comment(author=charlie, note_id=note.pk, body=f"Which glaze is number {number}?")
    like_note(person=alice, note_id=note.pk)
    work_off()
    now = timezone.now()
    engaged = heat.engagement_since(now - timedelta(days=7), now=now)[note.pk]
    assert engaged.people == {"like": 1, "comment": 1}, "the author does not count"


def test_the_card_says_what_drives_it_and_how_it_moved(alice, bob, charlie, make_note, work_off):
    first, second = make_note(alice), make_note(charlie, ago=timedelta(hours=3))
    like_note(person=bob, note_id=first.pk)
    like_note(person=bob, note_id=second.pk)
    work_off()
    now = timezone.now()
    hot.build_hot(now=now - timedelta(hours=1))
    like_note(person=charlie, note_id=first.pk)
    third = make_note(bob)
    like_note(person=alice, note_id=third.pk)
    work_off()
    hot.build_hot(now=now)
    hot.build_hot(now=now)
    said = {i.note_id: i.reason.text for i in serve_hot(viewer=None, now=now).items}
    assert "liked by 2 people today" in said[first.pk]
    assert "new" in said[third.pk]
    assert "▼" in said[second.pk] or second.pk == list(said)[1]


def test_an_event_lifts_its_tags_during_its_window_only(alice, bob, make_note, work_off):
    note, other = make_note(alice, tags=["mooncake"]), make_note(alice)
    like_note(person=bob, note_id=note.pk)
    like_note(person=bob, note_id=other.pk)
    work_off()
    now = timezone.now()
    before = heats(now)
    event = ScheduledEvent.objects.create(
        name_zh="中秋", name_en="Mid-Autumn", lift=2,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    event.tags.set(Tag.objects.filter(key="mooncake"))
    during = heats(now)
    assert during[note.pk] == pytest.approx(2 * before[note.pk])
    assert during[other.pk] == before[other.pk]
    hot.build_hot(now=now)
    said = {i.note_id: i.reason.text for i in serve_hot(viewer=None, now=now).items}
    assert "Mid-Autumn" in said[note.pk]
    assert "Mid-Autumn" not in said[other.pk]
    later = now + timedelta(hours=1)
    with_event = heats(later)
    event.delete()
    assert heats(later) == with_event, "outside its window it changes nothing"


def test_queries_of_ranking_do_not_grow_with_notes(
    alice, bob, make_note, work_off, django_assert_num_queries
):
    for _ in range(3):
        like_note(person=bob, note_id=make_note(alice).pk)
    work_off()
    hot.rank_hot(timezone.now())
    with django_assert_num_queries(10):
        ranked = hot.rank_hot(timezone.now())
    assert all(isinstance(row, Heated) for row in ranked.notes)
