"""What an import brought: so that a second run finds it done and changes nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """One accepted line of an import, by the name its source gave it."""

    class Kind(models.IntegerChoices):
        PERSON = 1, _("person")
        NOTE = 2, _("note")
        COMMENT = 3, _("comment")
        # Follows and acts have no name of their own: a digest of the line stands for it.
        FOLLOW = 4, _("follow")
        ACT = 5, _("act")

    # The community or file it came from; the same names from two sources are different things.
    source = models.CharField(max_length=60)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    external_id = models.CharField(max_length=80)
    # Primary key of what was made; none for follows and acts.
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"
