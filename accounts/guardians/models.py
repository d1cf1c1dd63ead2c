"""Who looks after whom, and the code with which the two find each other."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from . import rules


class Guardianship(models.Model):
    """A teen and the adult account that they chose. While it stands, the teen's mode is on."""

    teen = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True,
        related_name="guardianship",
    )  # fmt: skip
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks_after"
    )
    # Of the teen's day, in the teen's time zone.
    opens = models.TimeField(_("open from"), default=rules.OPENS)
    closes = models.TimeField(_("until"), default=rules.CLOSES)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(teen=F("guardian")), name="guardian_is_another")
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} looks after {self.teen_id}"


class Pairing(models.Model):
    """A code that a teen gives to their guardian; good for an hour, once. One a teen."""

    teen = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="pairing"
    )
    code = models.CharField(max_length=12, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code of {self.teen_id}"
