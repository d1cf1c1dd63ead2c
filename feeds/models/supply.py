"""How much the community reads at each hour of the week."""

from __future__ import annotations

from django.db import models


class SupplyHour(models.Model):
    """Cards expected to be seen in one hour of the week, and how many weeks it was learnt from."""

    # 0 is Monday from midnight to one, UTC.
    hour = models.PositiveSmallIntegerField(primary_key=True)
    expected = models.FloatField()
    weeks = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.hour}: {self.expected:.0f}"
