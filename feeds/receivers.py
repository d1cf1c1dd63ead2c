"""The only listener to the other rooms. Receivers note jobs and events in the announcing
transaction; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.dispatch import receiver

from accounts import signals as people
from accounts.models import User
from accounts.services import were_here
from community import signals as notes
from community.models import Comment, Note
from community.outbox.jobs import enqueue, enqueue_many
from community.rows import insert_rows

from . import pool_time, tag_merging
from .attribution import IMPORTED
from .events import record
from .lists import mark_stale
from .models import Event

AT_ONCE = 500
# A note is live when its cover is; the worker needs about this long for the demo's.
COVERS_ARE_READY = timedelta(seconds=30)


@receiver(notes.note_published)
def spread(note: Note, now: datetime, **_: Any) -> None:
    enqueue("feeds.fan_out", key=note.pk, notes=[note.pk])
    enqueue("feeds.refresh", key=note.pk, notes=[note.pk])


@receiver([notes.note_edited, notes.note_pictures_ready])
def look_again(note: Note, now: datetime, **_: Any) -> None:
    enqueue("feeds.refresh", key=note.pk, notes=[note.pk])
    enqueue("feeds.fan_out", key=note.pk, notes=[note.pk])


@receiver([notes.note_withdrawn, notes.note_returned, notes.note_reach_changed])
def withdraw_or_return(note_id: int, now: datetime, **_: Any) -> None:
    enqueue("feeds.refresh", key=note_id, notes=[note_id])


@receiver(notes.note_time_lost)
def give_time_back(
    note_id: int, decision_id: int, since: datetime, now: datetime, **_: Any
) -> None:
    """In the announcing transaction, so that no tick judges the note before it has its time."""
    pool_time.give_back(note_id=note_id, decision_id=decision_id, since=since, now=now)


@receiver([people.person_suspended, people.person_readmitted])
def gone_or_back(person_id: int, now: datetime, **_: Any) -> None:
    """What they wrote leaves the feeds at once and is there again when they are."""
    enqueue("feeds.refresh_author", key=person_id, author=person_id)


@receiver(notes.likeness_changed)
def judge_again(note_ids: list[int], now: datetime, **_: Any) -> None:
    for start in range(0, len(note_ids), AT_ONCE):
        enqueue_many("feeds.refresh", [("", {"notes": note_ids[start : start + AT_ONCE]})])


@receiver(notes.tags_merged)
def tags_became_one(from_ids: Sequence[int], into_id: int, now: datetime, **_: Any) -> None:
    tag_merging.move(from_ids=from_ids, into_id=into_id, now=now)


@receiver(notes.notes_imported)
def take_over(note_ids: list[int], now: datetime, **_: Any) -> None:
    for start in range(0, len(note_ids), AT_ONCE):
        chunk = note_ids[start : start + AT_ONCE]
        enqueue_many("feeds.refresh", [("", {"notes": chunk})])
        enqueue_many("feeds.fan_out", [("", {"notes": chunk})])


@receiver(notes.interactions_imported)
def take_over_acts(
    rows: Sequence[tuple[int, int, str, float, datetime]], now: datetime, **_: Any
) -> None:
    """Acts of an import as events: (person, note, kind, value, at)."""
    kinds = {kind.name.lower(): kind for kind in Event.Kind}
    insert_rows(
        Event,
        ("person", "note", "kind", "value", "feed", "at"),
        (
            (person, note, kinds[kind], value, IMPORTED, at)
            for person, note, kind, value, at in rows
        ),
    )
    last_days: dict[int, date] = {}
    for person, _note, _kind, _value, at in rows:
        last_days[person] = max(at.date(), last_days.get(person, at.date()))
    were_here(last_days)
    enqueue("feeds.digest", key="soon")


@receiver(notes.follows_imported)
def take_over_follows(rows: Sequence[tuple[int, int]], now: datetime, **_: Any) -> None:
    """Follows that come after the notes they are about bring them into timelines."""
    for start in range(0, len(rows), AT_ONCE):
        pairs = [list(pair) for pair in rows[start : start + AT_ONCE]]
        enqueue_many("feeds.backfill_pairs", [("", {"pairs": pairs})])


@receiver(notes.community_loaded)
def make_first_lists(now: datetime, demo: bool = False, **_: Any) -> None:
    enqueue("feeds.first_lists")
    # The words are of live notes: those of the demo wait for their covers.
    enqueue("searches.gather", after=COVERS_ARE_READY)
    if demo:
        enqueue("feeds.read_demo", after=COVERS_ARE_READY)


ACTS = {
    notes.note_liked: Event.Kind.LIKE,
    notes.note_unliked: Event.Kind.UNLIKE,
    notes.note_collected: Event.Kind.COLLECT,
    notes.note_uncollected: Event.Kind.UNCOLLECT,
    notes.note_shared: Event.Kind.SHARE,
}


@receiver(list(ACTS))
def engaged(signal: Any, person_id: int, note_id: int, now: datetime, **_: Any) -> None:
    record(person_id=person_id, note_id=note_id, kind=ACTS[signal], at=now)


@receiver(notes.note_commented)
def commented(comment: Comment, now: datetime, **_: Any) -> None:
    record(person_id=comment.author_id, note_id=comment.note_id, kind=Event.Kind.COMMENT, at=now)


@receiver(people.user_followed)
def followed(follower_id: int, followed_id: int, now: datetime, **_: Any) -> None:
    key = f"{follower_id}:{followed_id}"
    enqueue("feeds.backfill", key=key, owner=follower_id, author=followed_id)
    enqueue("feeds.credit_follow", key=key, owner=follower_id, author=followed_id)
    mark_stale("discover", [str(follower_id)])


@receiver(people.user_unfollowed)
def unfollowed(follower_id: int, followed_id: int, now: datetime, **_: Any) -> None:
    enqueue(
        "feeds.remove_author",
        key=f"{follower_id}:{followed_id}",
        owner=follower_id,
        author=followed_id,
    )


@receiver(people.user_blocked)
def blocked(blocker_id: int, blocked_id: int, now: datetime, **_: Any) -> None:
    for owner, author in ((blocker_id, blocked_id), (blocked_id, blocker_id)):
        enqueue("feeds.remove_author", key=f"{owner}:{author}", owner=owner, author=author)
    mark_stale("discover", [str(blocker_id), str(blocked_id)])


@receiver(people.interests_chosen)
def interests_chosen(person: User, now: datetime, **_: Any) -> None:
    enqueue("feeds.rebuild_discover", key=person.pk, person=person.pk)


@receiver(people.profile_changed)
def profile_changed(person: User, now: datetime, **_: Any) -> None:
    """Another city moves notes without a place; another wish about personal feeds holds at once."""
    enqueue("feeds.refresh_author", key=person.pk, author=person.pk)
    enqueue("feeds.rebuild_discover", key=person.pk, person=person.pk)
