"""A community of any size in a minute: people, follows, notes, likes and all that is derived.

Made for measuring and for drills, never for people to read. Rows are written the way that costs
least: what needs Python (names, texts) by `insert_rows`, all that can be derived by one statement
each, so that a million notes are minutes. What is counted is counted from the rows, and
`audit_invariants` holds afterwards.

Followers and likes follow a power law, as in life: a few have most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from accounts.models import Follow, Profile, User
from accounts.names import name_key
from community.models import Channel, Like, Note, NoteStats
from community.rows import insert_rows

from .models import LiveNote, PoolEntry, TimelineEntry
from .policies import current

# Rows of one transaction: long enough to be fast, short enough for others to write in between.
AT_ONCE = 20_000
FOLLOWS_EACH = 10
LIKES_A_NOTE = 3
# How far back the notes reach; about as many in each day.
SPREAD = timedelta(days=365)
# 1: everybody alike. The greater, the more the first of a list have.
SKEW = 3.0
NAME = "seed{number}"

VOCABULARY = (
    "tide kelp rock pool shell sand glaze kiln bowl clay walk city lamp bread tea cat hill river"
    " cloud paper ink chair film game song dance swim trail camp garden fern moss stone boat net"
    " gull crab star salt wind rain sun night morning market street bridge train window mirror"
)

DERIVED = {
    "counters of notes": """
        INSERT INTO community_notestats (note_id, likes, collects, comments, shares)
        SELECT id, 0, 0, 0, 0 FROM community_note WHERE id >= %(note)s
    """,
    "likes counted": """
        UPDATE community_notestats SET likes =
          (SELECT COUNT(*) FROM community_like l WHERE l.note_id = community_notestats.note_id)
        WHERE note_id >= %(note)s
    """,
    "follows counted": """
        UPDATE accounts_profile SET
          followers_count = (SELECT COUNT(*) FROM accounts_follow f
            WHERE f.followed_id = accounts_profile.person_id),
          following_count = (SELECT COUNT(*) FROM accounts_follow f
            WHERE f.follower_id = accounts_profile.person_id)
        WHERE person_id >= %(person)s
    """,
    "catalogue": """
        INSERT INTO feeds_livenote (note_id, author_id, channel_id, root_channel_id, published_at,
          latitude, longitude, at_place, language, quality, recommended, popularity, boost)
        SELECT note.id, note.author_id, note.channel_id, COALESCE(channel.parent_id, channel.id),
          note.published_at, NULL, NULL, %(no)s, note.language, 0.6, %(yes)s,
          0.01 + stats.likes / 1000.0, 1
        FROM community_note note
        JOIN community_channel channel ON channel.id = note.channel_id
        JOIN community_notestats stats ON stats.note_id = note.id
        WHERE note.id >= %(note)s
    """,
    "pools": """
        INSERT INTO feeds_poolentry (note_id, author_id, root_channel_id, state, tier, promised,
          delivered, in_flight, engagement, discounted_acts, discounted_score, discounted_views,
          started_at, due_at, trial)
        SELECT note_id, author_id, root_channel_id, 'settled', 0, 0, 0, 0, 0, 0, 0, 0,
          published_at, published_at, ''
        FROM feeds_livenote WHERE note_id >= %(note)s
    """,
    "timelines": """
        INSERT INTO feeds_timelineentry (owner_id, note_id, author_id, published_at)
        SELECT f.follower_id, note.id, note.author_id, note.published_at
        FROM community_note note
        JOIN accounts_profile author
          ON author.person_id = note.author_id AND author.followers_count <= %(big)s
        JOIN accounts_follow f ON f.followed_id = note.author_id
        WHERE note.id >= %(note)s AND note.published_at >= %(lately)s
        ON CONFLICT (owner_id, note_id) DO NOTHING
    """,
    # What words there are is known; nothing has to be cut.
    "search": """
        INSERT INTO community_notesearch (rowid, title, body, tags, place, author)
        SELECT note.id, LOWER(note.title), LOWER(note.body), '', '', person.username
        FROM community_note note JOIN accounts_user person ON person.id = note.author_id
        WHERE note.id >= %(note)s
    """,
}
# Timelines hold some hundred entries each: older notes of a year would be cut from them at once.
TIMELINES_REACH = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    people: int
    notes: int
    seed: int = 1


Tell = Callable[[str], None]


def make(wanted: Wanted, *, now: datetime, tell: Tell = lambda said: None) -> None:
    """Add so many people and notes to what is there.

    1. people and profiles   2. follows   3. notes   4. likes   5. what is derived from them
    """
    chance = Random(wanted.seed)
    person, note = _next(User), _next(Note)
    _write(User, *_people(person, wanted, now), tell=tell)
    _write(Profile, ("person", "active_on"), _profiles(person, wanted, now), tell=tell)
    _write(Follow, *_follows(person, wanted, now, chance), tell=tell)
    _write(Note, *_notes(person, note, wanted, now, chance), tell=tell)
    _write(Like, *_likes(person, note, wanted, now, chance), tell=tell)
    _derive(person, note, now, tell)


def _next(model: type[Any]) -> int:
    return int(model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def _few(chance: Random, number: int) -> int:
    """One of 0 … number - 1, the first ones most often."""
    return int(number * chance.random() ** SKEW)


Rows = Iterator[tuple[Any, ...]]


def _people(first: int, wanted: Wanted, now: datetime) -> tuple[tuple[str, ...], Rows]:
    columns = ("id", "username", "username_key", "password", "date_joined")
    names = ((pk, NAME.format(number=pk)) for pk in range(first, first + wanted.people))
    # No password: nobody can log in as one of them.
    return columns, ((pk, name, name_key(name), "!", now - SPREAD) for pk, name in names)


def _profiles(first: int, wanted: Wanted, now: datetime) -> Rows:
    """A tenth was here today, as in life."""
    for pk in range(first, first + wanted.people):
        yield pk, now.date() if pk % 10 == 0 else (now - SPREAD / 2).date()


def _follows(
    first: int, wanted: Wanted, now: datetime, chance: Random
) -> tuple[tuple[str, ...], Rows]:
    def rows() -> Rows:
        for pk in range(first, first + wanted.people):
            chosen = {first + _few(chance, wanted.people) for _ in range(FOLLOWS_EACH)} - {pk}
            for other in sorted(chosen):
                yield pk, other, now - SPREAD

    return ("follower", "followed", "created_at"), rows()


def _notes(
    person: int, first: int, wanted: Wanted, now: datetime, chance: Random
) -> tuple[tuple[str, ...], Rows]:
    columns = (
        "id", "author", "title", "body", "channel", "state", "language", "created_at",
        "published_at",
    )  # fmt: skip
    known = VOCABULARY.split()
    channels = list(Channel.objects.open().order_by("pk").values_list("pk", flat=True))

    def rows() -> Rows:
        for place in range(wanted.notes):
            # The newest have the greatest numbers.
            at = now - SPREAD * (1 - place / wanted.notes)
            words = chance.choices(known, k=24)
            yield (
                first + place, person + chance.randrange(wanted.people),
                " ".join(words[:4]).capitalize(), " ".join(words[4:]), chance.choice(channels),
                Note.State.PUBLISHED, "en", at, at,
            )  # fmt: skip

    return columns, rows()


def _likes(
    person: int, first: int, wanted: Wanted, now: datetime, chance: Random
) -> tuple[tuple[str, ...], Rows]:
    def rows() -> Rows:
        for _ in range(wanted.notes * LIKES_A_NOTE):
            liked = first + wanted.notes - 1 - _few(chance, wanted.notes)
            yield liked, person + chance.randrange(wanted.people), now - timedelta(hours=1)

    return ("note", "person", "created_at"), rows() if wanted.people else iter(())


def _write(model: type[Any], columns: tuple[str, ...], rows: Rows, *, tell: Tell) -> None:
    written = 0
    while batch := list(islice(rows, AT_ONCE)):
        with transaction.atomic():
            insert_rows(model, columns, batch)
        written += len(batch)
    tell(f"{model._meta.verbose_name_plural}: {written:,}")


def _derive(person: int, note: int, now: datetime, tell: Tell) -> None:
    values = {
        "person": person, "note": note, "big": current()[1].follow.big_author, "yes": True,
        "no": False, "lately": now - TIMELINES_REACH,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for name, statement in DERIVED.items():
            with transaction.atomic():
                cursor.execute(statement, _used(values, statement))
            tell(f"{name}: {max(0, cursor.rowcount):,}")
        # Rows were given their numbers here; the next one that is not must have another.
        models = [User, Follow, Note, NoteStats, Like, LiveNote, PoolEntry, TimelineEntry]
        for reset in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(reset)
        # Without figures of its tables a database plans as if they were empty.
        cursor.execute("ANALYZE")


def _used(values: dict[str, Any], statement: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f"%({name})s" in statement}
