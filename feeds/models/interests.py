"""What a person likes, as far as the engine can tell, and what they want less of."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from .fields import person_key


class Interest(models.Model):
    """What one tag, channel or author means to a person: a lasting weight and one of this sitting.

    Both hold at `as_of` and decay from there, each with a half-life of its own in the policy.
    """

    class Kind(models.IntegerChoices):
        TAG = 1
        CHANNEL = 2
        AUTHOR = 3

    person = person_key()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    # Primary key of the tag, channel or person.
    target = models.BigIntegerField()
    weight = models.FloatField()
    recent = models.FloatField(default=0)
    # The weights hold at this time; readers decay them to now.
    as_of = models.DateTimeField()
    # The act that last moved it and how many did, shown as the reason.
    because = models.CharField(max_length=12)
    acts = models.PositiveIntegerField(default=0)
    # The person's own word: a pinned interest does not fade, a removed one stays away.
    pinned = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "target"], name="one_weight_each")
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "target", "-weight"], name="interested_people")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()} {self.target}: {self.weight:.2f}"


class LessOf(models.Model):
    """A person asked for less of a tag, channel, author, place or note ("not interested")."""

    class Kind(models.IntegerChoices):
        TAG = 1
        CHANNEL = 2
        AUTHOR = 3
        NOTE = 4
        PLACE = 5

    person = person_key()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    target = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "target"], name="less_of_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} less of {self.get_kind_display()} {self.target}"


class Dials(models.Model):
    """How a person wants their discover mixed: each dial from -2 to 2, 0 leaves the engine alone.

    `by_time` is the way out: no personalisation, newest first.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # Proven (-2) to new (2).
    new = models.SmallIntegerField(default=0)
    # People followed (-2) to people unknown (2).
    unknown = models.SmallIntegerField(default=0)
    # Near (-2) to far (2).
    far = models.SmallIntegerField(default=0)
    # Of one kind (-2) to varied (2).
    varied = models.SmallIntegerField(default=0)
    by_time = models.BooleanField(default=False)
    # Codes with blanks between, as feeds/languages.py keeps them; empty for all.
    languages = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    new__range=(-2, 2),
                    unknown__range=(-2, 2),
                    far__range=(-2, 2),
                    varied__range=(-2, 2),
                ),
                name="dials_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.new} {self.unknown} {self.far} {self.varied}"
