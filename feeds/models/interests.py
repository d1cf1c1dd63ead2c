"""What a person likes, as far as the engine can tell, and what they want less of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .fields import person_key


class Interest(models.Model):
    """Weight of one tag, channel or author for one person; decays with the policy's half-life."""

    class Kind(models.IntegerChoices):
        TAG = 1
        CHANNEL = 2
        AUTHOR = 3

    person = person_key()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    # Primary key of the tag, channel or person.
    target = models.BigIntegerField()
    weight = models.FloatField()
    # The weight holds at this time; readers decay it to now.
    as_of = models.DateTimeField()
    # The act that last moved it, shown as the reason.
    because = models.CharField(max_length=12)

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
    """A person asked for less of a tag, channel, author or single note ("not interested")."""

    class Kind(models.IntegerChoices):
        TAG = 1
        CHANNEL = 2
        AUTHOR = 3
        NOTE = 4

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
