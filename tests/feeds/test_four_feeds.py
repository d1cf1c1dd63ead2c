"""Publish, and be found: the four feeds end to end through services and jobs."""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from accounts.services import block_user, follow_user, mute_user, unfollow_user
from community.services.places import find_or_create_place
from community.services.reactions import like_note
from community.services.writing import delete_note
from feeds import events, hot, impressions, pool_keeper
from feeds.geo import Point
from feeds.models import FeedList, PoolEntry
from feeds.qualification import SHORTEST_LOOK
from feeds.serving import serve_discover, serve_following, serve_hot, serve_nearby

pytestmark = pytest.mark.django_db


def ids(page):
    return [item.note_id for item in page.items]


def test_a_new_note_reaches_its_followers(alice, bob, charlie, make_note, work_off):
    note = make_note(alice)
    work_off()
    assert ids(serve_following(viewer=bob)) == [note.pk]
    assert ids(serve_following(viewer=charlie)) == []


def test_following_brings_older_notes_and_unfollowing_takes_them_away(
    alice, charlie, make_note, work_off
):
    note = make_note(alice)
    follow_user(follower=charlie, followed=alice)
    work_off()
    assert ids(serve_following(viewer=charlie)) == [note.pk]
    unfollow_user(follower=charlie, followed=alice)
    work_off()
    assert ids(serve_following(viewer=charlie)) == []


def test_a_new_note_takes_a_reserved_slot_of_discover_and_says_so(
    alice, charlie, make_note, work_off
):
    note = make_note(alice)
    work_off()
    page = serve_discover(viewer=charlie)
    assert ids(page).count(note.pk) == 1
    item = next(i for i in page.items if i.note_id == note.pk)
    assert item.reason.text


def test_a_seen_card_is_counted_once_and_does_not_come_back(alice, charlie, make_note, work_off):
    note = make_note(alice)
    work_off()
    page = serve_discover(viewer=charlie)
    batch = {"token": page.token, "seen": [{"note": note.pk}]}
    later = timezone.now() + SHORTEST_LOOK
    first = impressions.intake(viewer=charlie, batch=batch, now=later)
    again = impressions.intake(viewer=charlie, batch=batch, now=later)
    assert (first["seen"], again["seen"]) == (1, 0)
    work_off()
    assert note.pk not in ids(serve_discover(viewer=charlie))


def test_a_blocked_author_never_returns_through_a_precomputed_feed(
    alice, bob, charlie, make_note, work_off
):
    note = make_note(alice)
    work_off()
    for viewer in (bob, charlie):
        assert note.pk in ids(serve_discover(viewer=viewer))
    block_user(blocker=alice, blocked=bob)
    mute_user(muter=charlie, muted=alice)
    assert FeedList.objects.filter(kind="discover").exists()
    for viewer in (bob, charlie):
        assert note.pk not in ids(serve_discover(viewer=viewer))
        assert note.pk not in ids(serve_following(viewer=viewer))


def test_a_deleted_note_is_gone_from_every_feed_at_once(alice, bob, charlie, make_note, work_off):
    place = find_or_create_place(name="Longjing", latitude=30.22, longitude=120.11, city="Hangzhou")
    note = make_note(alice, place=place)
    work_off()
    like_note(person=charlie, note_id=note.pk)
    work_off()
    hot.build_hot(now=timezone.now())
    here = Point(30.25, 120.15)

    def everywhere():
        return [
            note.pk in ids(page)
            for page in (
                serve_discover(viewer=bob),
                serve_following(viewer=bob),
                serve_nearby(viewer=bob, point=here),
                serve_hot(viewer=bob),
            )
        ]

    assert everywhere() == [True] * 4
    delete_note(author=alice, note_id=note.pk)
    assert everywhere() == [False] * 4


def test_nearby_says_how_far_and_sorts_by_distance_or_by_band(alice, charlie, make_note, work_off):
    near = find_or_create_place(name="Near", latitude=30.251, longitude=120.15)
    far = find_or_create_place(name="Far", latitude=30.30, longitude=120.15)
    elsewhere = find_or_create_place(name="Lisbon", latitude=38.7, longitude=-9.1)
    far_note = make_note(alice, "Far away tea", place=far)
    near_note = make_note(alice, "Tea next door", place=near)
    make_note(alice, "Tiles", place=elsewhere)
    work_off()
    page = serve_nearby(viewer=charlie, point=Point(30.25, 120.15), order="distance")
    assert ids(page) == [near_note.pk, far_note.pk]
    assert page.items[0].distance_km == pytest.approx(0.11, abs=0.02)
    assert page.items[1].distance_km == pytest.approx(5.54, abs=0.05)


def test_hot_shows_at_most_two_notes_of_one_author(alice, bob, make_note, work_off):
    notes = [make_note(alice, f"Bowl number {n}") for n in range(4)]
    work_off()
    for note in notes:
        like_note(person=bob, note_id=note.pk)
    work_off()
    hot.build_hot(now=timezone.now())
    assert len(ids(serve_hot(viewer=bob))) == 2


def test_a_like_moves_the_interest_profile_before_the_next_list(
    alice, charlie, make_note, work_off
):
    from feeds.models import Interest

    note = make_note(alice)
    like_note(person=charlie, note_id=note.pk)
    work_off()
    weights = Interest.objects.filter(person=charlie, kind=Interest.Kind.TAG)
    assert weights.count() == 2
    assert all(weight.weight == pytest.approx(2.0, rel=0.01) for weight in weights)


def test_digesting_twice_changes_nothing_twice(alice, charlie, make_note, work_off):
    note = make_note(alice)
    like_note(person=charlie, note_id=note.pk)
    assert events.digest(now=timezone.now()) == 1
    assert events.digest(now=timezone.now()) == 0


def test_the_pages_of_one_reading_repeat_nothing(alice, charlie, make_note, work_off):
    for n in range(55):
        make_note(alice, f"A bowl and its story {n}")
    work_off()
    seen, cursor = [], None
    while True:
        page = serve_discover(viewer=charlie, cursor=cursor)
        seen += ids(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert len(seen) >= 50


def test_a_tick_run_twice_moves_nothing_twice(alice, bob, make_note, work_off):
    note = make_note(alice)
    work_off()
    later = timezone.now() + timedelta(days=4)
    assert pool_keeper.advance(now=later) == 1
    assert pool_keeper.advance(now=later) == 0
    assert PoolEntry.objects.get(note=note).state == PoolEntry.State.SETTLED


def test_a_promise_made_to_an_empty_house_grows_with_the_community(
    alice, make_note, make_person, work_off
):
    note = make_note(alice)
    work_off()
    assert PoolEntry.objects.get(note=note).promised == 1
    for n in range(12):
        make_person(f"newcomer{n}")
    pool_keeper.advance(now=timezone.now())
    assert PoolEntry.objects.get(note=note).promised == 12
    pool_keeper.advance(now=timezone.now())
    assert PoolEntry.objects.get(note=note).promised == 12


def test_a_stretch_that_was_all_seen_is_stepped_over(alice, charlie, make_note, work_off):
    from feeds.models import Impression

    notes = [make_note(alice, f"A bowl and its story {n}") for n in range(60)]
    work_off()
    PoolEntry.objects.update(state=PoolEntry.State.SETTLED)
    first = serve_discover(viewer=charlie)
    listed = FeedList.objects.filter(kind="discover", key=str(charlie.pk)).latest("pk")
    order = [row[0] for row in orjson.loads(bytes(listed.items))["items"]]
    assert len(order) >= 50
    assert ids(first)
    Impression.objects.bulk_create(
        Impression(person=charlie, note_id=pk, feed="hot", at=timezone.now()) for pk in order[:45]
    )
    page = serve_discover(viewer=charlie)
    assert ids(page) == order[45:][: len(ids(page))]
    assert len(ids(page)) == min(20, len(order) - 45)
    assert len(notes) == 60
