"""Roll-ups for authors. They are kept when the raw events are gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from feeds.models.fields import note_key, person_key


class Counts(models.Model):
    """What readers did with one note in one stretch of time, by the feed that brought them."""

    note = note_key(db_index=False)
    author = person_key(db_index=False)
    # "discover", "follow", ..., "boost" for places that were paid for, "" for links from outside.
    feed = models.CharField(max_length=10, blank=True)
    impressions = models.PositiveIntegerField(default=0)
    opens = models.PositiveIntegerField(default=0)
    # Dwells that were long enough to be a read, and seconds of all of them.
    reads = models.PositiveIntegerField(default=0)
    dwell_seconds = models.FloatField(default=0)
    # Less those taken back; an hour may hold more takings back than likes.
    likes = models.IntegerField(default=0)
    collects = models.IntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)
    follows = models.PositiveIntegerField(default=0)
    hides = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class FeedHour(Counts):
    """An hour of the clock."""

    hour = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "hour", "feed"], name="insight_hour_once")
        ]
        indexes: ClassVar = [models.Index(fields=["author", "hour"], name="insight_hours")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.hour:%F %H} {self.feed}"


class FeedDay(Counts):
    """A day in the time zone that its author had when the events were counted."""

    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "day", "feed"], name="insight_day_once")
        ]
        indexes: ClassVar = [models.Index(fields=["author", "day"], name="insight_days")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.day} {self.feed}"


class Uncounted(models.Model):
    """Events that were digested and are not yet in hours and days. The row goes in the transaction
    that counts them."""

    # Their primary keys, and the times between which all of them happened.
    events = models.JSONField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{len(self.events)} events"


class Audience(models.Model):
    """How many different people of one kind first saw a note on one day (UTC); how many opened it
    that day, and what was done, by them and by those who had seen it before."""

    class Kind(models.TextChoices):
        # All of them; value "".
        ALL = "all"
        CITY = "city"
        # One of a person's strongest interests, by its tag's key.
        TAG = "tag"
        # A tag of the note in which the person is interested.
        MATCH = "match"
        # "follower", "returning" or "new": what they were to the author.
        TIE = "tie"

    note = note_key(db_index=False)
    author = person_key(db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=100, blank=True)
    seen = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    # Engagement score (CES) of what they did.
    score = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["note", "day", "kind", "value"], name="audience_part_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["author", "day"], name="audience_of_author")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.day} {self.kind} {self.value}"


class StaleAudience(models.Model):
    """A day (UTC) of a note whose audience has to be counted again."""

    note = note_key(db_index=False)
    author = person_key(db_index=False)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "day"], name="stale_audience_once")
        ]
        indexes: ClassVar = [models.Index(fields=["day", "author"], name="stale_audiences")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.day}"


class Acquaintance(models.Model):
    """The day on which a person first met anything of an author: from then on they return."""

    author = person_key(db_index=False)
    person = person_key(db_index=True)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "person"], name="met_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} met {self.author_id} on {self.day}"


class FollowChange(models.Model):
    """That somebody began or ceased to follow an author. Append-only."""

    author = person_key(db_index=False)
    person = person_key(db_index=True)
    gained = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["author", "at"], name="follow_changes")]

    def __str__(self) -> str:
        return f"{self.person_id} {'+' if self.gained else '-'} {self.author_id}"
