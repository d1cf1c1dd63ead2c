"""Rates as they are written in settings: "300/5m", and by the age of an account. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.core.exceptions import ImproperlyConfigured

SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times within a window."""

    times: int
    window: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "300/5m". Raises ImproperlyConfigured."""
        found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)([smh])", text)
        if not found:
            raise ImproperlyConfigured(f"A rate reads like 300/5m, not {text!r}.")
        times, length, unit = found.groups()
        return cls(int(times), timedelta(seconds=int(length) * SECONDS[unit]))


def rate_at_age(rates: str, age: timedelta) -> Rate:
    """The rate for an account of this age of "1d:3/24h 7d:10/24h 50/24h": below a day, below a
    week, after that. Raises ImproperlyConfigured."""
    for part in rates.split():
        days, colon, rate = part.rpartition(":")
        if not colon:
            return Rate.parse(rate)
        if not re.fullmatch(r"[1-9]\d*d", days):
            raise ImproperlyConfigured(f"An age reads like 7d, not {days!r}.")
        if age < timedelta(days=int(days[:-1])):
            return Rate.parse(rate)
    raise ImproperlyConfigured(f"{rates!r} has no rate for older accounts: end it with one.")
