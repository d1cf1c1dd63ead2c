"""Numbered versions of the engine's settings; the newest is in force."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.policy import Policy, PolicyError


class EnginePolicy(models.Model):
    """One version. Rows are never changed: going back is publishing an older one again."""

    values = models.JSONField(_("settings"))
    remark = models.CharField(_("why"), max_length=300, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("engine policy")
        verbose_name_plural = _("engine policies")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"v{self.pk}"

    def clean(self) -> None:
        try:
            Policy.from_dict(self.values)
        except PolicyError as error:
            raise ValidationError({"values": error.problems}) from error
