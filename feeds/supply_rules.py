"""How much is read at each hour of the week, and which share of a day's reading lies between two
moments. Pure arithmetic: no rows, no Django.

An hour of the week is 0 (Monday, midnight to one, UTC) to 167. Its figure is an exponentially
weighted mean over the weeks without a bias to zero: a first week counts fully.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

WEEK = 168
HOUR = timedelta(hours=1)
A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
# What the latest week makes up of a figure once there are many.
LATEST = 0.3
# With less history nothing is forecast: time passes evenly.
LEAST_HOURS = WEEK


def hour_of_week(at: datetime) -> int:
    return int((at - A_MONDAY) / HOUR // 1) % WEEK


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cards expected to be seen in each hour of the week, and the hours of history behind it."""

    expected: tuple[float, ...]
    hours: int
    # Expected from Monday on up to each hour, and in the whole week at the end.
    sums: tuple[float, ...]

    @property
    def is_known(self) -> bool:
        return self.hours >= LEAST_HOURS and self.sums[-1] > 0

    def between(self, start: datetime, end: datetime) -> float:
        """Cards expected from one moment to another; parts of an hour count in proportion."""
        return self._until(end) - self._until(start)

    def when(self, start: datetime, cards: float) -> datetime | None:
        """The moment by which so many cards are expected from `start` on, to the hour; None where
        that is not within two weeks."""
        for hour in range(2 * WEEK + 1):
            if self.between(start, start + hour * HOUR) >= cards:
                return start + hour * HOUR
        return None

    def _until(self, at: datetime) -> float:
        weeks, hours = divmod((at - A_MONDAY) / HOUR, WEEK)
        whole, part = divmod(hours, 1)
        hour = int(whole) % WEEK
        return weeks * self.sums[-1] + self.sums[hour] + part * self.expected[hour]

    def share(self, start: datetime, at: datetime, hours: float) -> float:
        """Which share of the reading in the `hours` after `start` is expected until `at`, 0 to 1;
        as time passes where nothing is known or nobody is expected."""
        end = start + timedelta(hours=hours)
        whole = self.between(start, end) if self.is_known else 0.0
        part = self.between(start, at) / whole if whole > 0 else (at - start) / (end - start)
        return min(1.0, max(0.0, part))


def forecast_of(expected: Sequence[float], hours: int) -> Forecast:
    return Forecast(tuple(expected), hours, (0.0, *accumulate(expected)))


NOTHING_KNOWN = forecast_of([0.0] * WEEK, 0)


def forecast(seen: Mapping[datetime, int], *, since: datetime, until: datetime) -> Forecast:
    """From what was seen in each hour from `since` to `until`, both full hours. An hour that is
    missing had no readers."""
    weeks: list[list[float]] = [[] for _hour in range(WEEK)]
    hours = max(0, int((until - since) / HOUR))
    for number in range(hours):
        at = since + number * HOUR
        weeks[hour_of_week(at)].append(float(seen.get(at, 0)))
    return forecast_of([weighted(counts) for counts in weeks], hours)


def weighted(counts: Sequence[float]) -> float:
    """Exponentially weighted mean, oldest first; weights sum to 1 however few there are."""
    total = weight = 0.0
    for count in counts:
        total = total * (1 - LATEST) + count * LATEST
        weight = weight * (1 - LATEST) + LATEST
    return total / weight if weight else 0.0
