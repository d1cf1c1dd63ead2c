"""What readers do: raw events, impressions held to one per viewer, and hourly roll-ups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .fields import note_key, person_key


class Event(models.Model):
    """One act of a person on a note. Append-only; digested once by `events.digest`.

    On PostgreSQL a month is a partition (`feeds/partitions/`): what is asked with bounds of `at`
    looks at few of them.
    """

    class Kind(models.IntegerChoices):
        IMPRESSION = 1
        OPEN = 2
        DWELL = 3
        LIKE = 4
        UNLIKE = 5
        COLLECT = 6
        UNCOLLECT = 7
        COMMENT = 8
        SHARE = 9
        FOLLOW = 10
        HIDE = 11

    person = person_key(null=True, db_index=False)
    note = note_key(db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    # Seconds of a dwell; otherwise 1.
    value = models.FloatField(default=1)
    # The feed that brought the person to the note: "discover", "follow", "search", ..., "boost" for
    # a place that was paid for, "import" for what an import brought, "" where none did.
    feed = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()
    digested = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(digested=False), name="event_waiting"),
            # What never expires: whether an old month has any is asked under a lock.
            models.Index(fields=["id"], condition=Q(feed="import"), name="event_imported"),
            models.Index(fields=["person", "-id"], name="event_of_person"),
            models.Index(fields=["note", "kind", "at"], name="event_of_note"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()} {self.note_id}"


class Impression(models.Model):
    """That a viewer saw a note's card: half of it visible for a second. Once a viewer and note."""

    person = person_key(db_index=False)
    note = note_key()
    feed = models.CharField(max_length=10)
    # Position on the page it was first seen at, and the code of the source that brought it.
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=12, blank=True)
    # The precomputed list it stood in (primary key of a FeedList, kept longer than the list).
    list_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "note"], name="seen_once")
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-id"], name="latest_sights")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.note_id}"


class EventBatch(models.Model):
    """A batch of events taken in: the same key again gets the same answer and changes nothing."""

    person = person_key(db_index=False)
    key = models.CharField(max_length=64)
    # Digest of the body: the same key with another body is refused.
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="batch_once")
        ]

    def __str__(self) -> str:
        return self.key


class NoteHour(models.Model):
    """Roll-up: what happened to one note in one hour."""

    note = note_key(db_index=False)
    hour = models.DateTimeField()
    impressions = models.PositiveIntegerField(default=0)
    opens = models.PositiveIntegerField(default=0)
    dwell_seconds = models.FloatField(default=0)
    likes = models.IntegerField(default=0)
    collects = models.IntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)
    follows = models.PositiveIntegerField(default=0)
    hides = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "hour"], name="note_hour_once")
        ]
        indexes: ClassVar = [models.Index(fields=["hour"], name="note_hour_window")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.hour:%F %H}"
