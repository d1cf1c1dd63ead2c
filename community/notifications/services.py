"""Tell somebody something, once, in the ways they chose, unless they asked not to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation

from accounts.models import Block, Follow, Mute, Profile, User
from accounts.prepared import Ids, Prepared
from accounts.zones import zone_of

from . import pushing
from .grouping import group_of
from .models import Notification, Preferences, PushSubscription, ThreadMute
from .topics import TOPIC_OF, TOPICS, Way, ways_for

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_WORDS = 500
# Told once for each note or comment. Reactions and follows are held to once by the database.
OF_WORDS = {Notification.Kind.COMMENT, Notification.Kind.REPLY, Notification.Kind.MENTION}

PRESENT = Prepared(
    lambda ids: User.objects.present().filter(pk__in=ids).values_list("pk", flat=True), Ids
)
BLOCKS = Prepared(
    lambda one, other: Block.objects.filter(
        Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    ).values_list("pk", flat=True),
    int,
    int,
)
MUTES = Prepared(
    lambda person, other: Mute.objects.filter(muter=person, muted=other).values_list(
        "pk", flat=True
    ),
    int,
    int,
)
MUTED_THREADS = Prepared(
    lambda person, note: ThreadMute.objects.filter(person=person, note=note).values_list(
        "pk", flat=True
    ),
    int,
    int,
)
FOLLOWERS = Prepared(
    lambda one, other: Follow.objects.filter(
        Q(follower=one, followed=other) | Q(follower=other, followed=one)
    ).values_list("follower_id", flat=True),
    int,
    int,
)
BROWSERS = Prepared(
    lambda person: PushSubscription.objects.filter(person=person).values_list("pk", flat=True), int
)
HABITS = Prepared(
    lambda person: Profile.objects.filter(pk=person).values_list(
        "language",
        "time_zone",
        "person__notice_preferences__ways",
        "person__notice_preferences__from_whom",
    ),
    int,
)


class Habits(NamedTuple):
    """Language and time zone are empty, the rest None, where nothing was chosen."""

    language: str = ""
    time_zone: str = ""
    ways: Mapping[str, Collection[str]] | None = None
    from_whom: str | None = None


def tell(
    *,
    person_id: int,
    kind: str,
    now: datetime,
    actor_id: int | None = None,
    note_id: int | None = None,
    comment_id: int | None = None,
    album_id: int | None = None,
    words: StrOrPromise = "",
    path: str = "",
) -> bool:
    """Leave a notification; False where there is nobody to tell: oneself, a block or mute between
    the two, or somebody who does not want to hear of it. Telling the same again (a like undone
    and redone) changes nothing.

    `words` that are lazily translated are put into the language of who is told, whoever acts.
    `path`: the page of this site that it leads to.
    """
    if actor_id == person_id or not _are_here({person_id, actor_id} - {None}):
        return False
    if actor_id is not None and not _listens(person_id, actor_id):
        return False
    habits = Habits(*(HABITS.first(person_id) or ()))
    ways = _ways(person_id, kind, actor_id, habits)
    if not ways or (comment_id and note_id and MUTED_THREADS(person_id, note_id)):
        return False
    about: dict[str, Any] = {
        "person_id": person_id,
        "kind": kind,
        "actor_id": actor_id,
        "note_id": note_id,
        "comment_id": comment_id,
        "album_id": album_id,
    }
    if kind in OF_WORDS and Notification.objects.filter(**about).exists():
        return True  # the job that tells of it ran before
    said = in_language(habits.language, words)[:LONGEST_WORDS]
    _leave(Notification(**about, words=said, path=path, created_at=now), ways, habits)
    return True


def _leave(row: Notification, ways: frozenset[str], habits: Habits) -> None:
    """Write it down for the page and for mail, and note it for browsers."""
    day = row.created_at.astimezone(zone_of(habits.time_zone))
    row.group = group_of(row, day=day)
    row.shown = Way.PAGE in ways
    browsers = BROWSERS(row.person_id) if Way.PUSH in ways else []
    with transaction.atomic():
        if _write(row) and browsers:
            pushing.note(row, browsers, now=timezone.now())


def _write(row: Notification) -> bool:
    """False where the same was told before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _are_here(people: set[int | None]) -> bool:
    """Whether all of them still have an account: jobs come late."""
    return len(PRESENT(people)) == len(people)


def _listens(person_id: int, actor_id: int) -> bool:
    return not (BLOCKS(person_id, actor_id) or MUTES(person_id, actor_id))


def _ways(person_id: int, kind: str, actor_id: int | None, habits: Habits) -> frozenset[str]:
    """How they want to be told; none where this comes from somebody they did not choose."""
    topic = TOPIC_OF[kind]
    chosen = habits.from_whom or Preferences.Whom.EVERYBODY
    if TOPICS[topic].personal and actor_id and chosen != Preferences.Whom.EVERYBODY:
        ties = FOLLOWERS(person_id, actor_id)
        if not ties or (chosen == Preferences.Whom.FOLLOWED and person_id not in ties):
            return frozenset()
    return ways_for(topic, habits.ways or {})


def in_language(language: str, words: StrOrPromise) -> str:
    """Lazily translated words in the language that somebody reads; others as they are."""
    if isinstance(words, str):
        return words
    with translation.override(language or settings.LANGUAGE_CODE):
        return str(words)


def in_language_of(person_id: int, words: StrOrPromise) -> str:
    """The same in the language that this person reads."""
    chosen = Profile.objects.filter(pk=person_id).values_list("language", flat=True).first()
    return in_language(chosen or "", words)
