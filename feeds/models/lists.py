"""Feeds made ready: snapshots of lists, and timelines written on publish."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .fields import note_key, person_key


class FeedList(models.Model):
    """One precomputed list, a snapshot: pages of one reading come from one snapshot.

    kind "discover": key is the person's id, 0 for visitors. "channel": "slug:person". "hot": "site"
    or a channel's slug. "nearby": a cell "lat:lon". Older snapshots stay an hour for open readings.
    """

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    # JSON array of [note id, source code, reason detail]; see feeds/lists.py.
    items = models.BinaryField()
    # JSON object of note id -> signals: why each stands where it stands. Read when somebody asks.
    receipts = models.BinaryField(default=b"{}")
    length = models.PositiveIntegerField()
    built_at = models.DateTimeField()
    # Set when something happened that the list does not know yet.
    stale = models.BooleanField(default=False)
    policy_version = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "-id"], name="feed_list_newest"),
            models.Index(fields=["built_at"], name="feed_list_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.length})"


class TimelineEntry(models.Model):
    """A note in a follower's timeline. Written set-based on publish, capped, gated when read."""

    owner = person_key(db_index=False)
    note = note_key(db_index=True)
    author = person_key(db_index=False)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "note"], name="timeline_once")
        ]
        # None for an author's notes in one timeline: it is short, and each index of this table is
        # written as often as all notes have followers.
        indexes: ClassVar = [
            models.Index(fields=["owner", "-published_at", "-note"], name="timeline_newest")
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.note_id}"
