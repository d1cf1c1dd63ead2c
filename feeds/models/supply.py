"""How much the community reads at each hour of the week."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SupplyHour(models.Model):
    """Cards expected to be seen in one hour of the week, and how many weeks it was learnt from."""

    # 0 is Monday from midnight to one, UTC.
    hour = models.PositiveSmallIntegerField(primary_key=True)
    expected = models.FloatField()
    weeks = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("reading ahead")
        verbose_name_plural = _("reading ahead")

    def __str__(self) -> str:
        return f"{self.hour}: {self.expected:.0f}"
