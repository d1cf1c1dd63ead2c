"""What a community of some size needs, from costs that were measured and habits that are assumed.

The costs stand here and nowhere else, each with where it was measured; docs/scaling.md says how to
measure them again. Habits are guesses an operator replaces by what `/metrics` says of theirs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

from django.conf import settings

DAY_SECONDS = 86_400
# Where sights are never forgotten, the sheet is drawn up for ten years.
FOR_EVER_DAYS = 3_650
# More than live; what stays below it also stays far below what a float holds.
MOST_PEOPLE = 10_000_000_000


@dataclass(frozen=True)
class Costs:
    """Of one core, of SQLite where nothing else is said."""

    # docs/performance.md: discover, logged in, 3.59 ms.
    page_ms: float = 3.6
    # docs/scaling.md: a like by the API, with the job that follows it.
    write_ms: float = 14.0
    # docs/performance.md: 5,628 lists in 122 s.
    list_ms: float = 21.7
    # docs/performance.md: 5,000 followers in 0.42 s with everything around it.
    fan_out_entry_ms: float = 0.08
    # 20,000 people with ten follows each: 27.2 MB, empty 3.5 MB (`seed --people 20000 --notes 0`);
    # 100,000 notes of 130 letters with three likes, search, catalogue and timelines: the rest of
    # the 193 MB of docs/scaling.md.
    person_bytes: float = 1_200
    note_bytes: float = 1_800
    # docs/scaling.md: the row of a sight with its indexes.
    sight_bytes: float = 96
    # docs/performance.md: a web worker 139 MB, the Celery worker 177 MB.
    web_process_mb: float = 139
    worker_process_mb: float = 177


@dataclass(frozen=True)
class Habits:
    """Assumed, not measured."""

    # Of all people, who come on a day.
    active_share: float = 0.10
    pages_a_day: float = 30
    writes_a_day: float = 6
    sights_a_day: float = 200
    notes_a_day: float = 0.05
    followers_of_an_author: float = 150
    # How much busier the busiest hour is than the mean.
    peak: float = 3.0
    # Lists are built anew so often for who is there.
    lists_a_day: float = 12
    # A core is planned to be busy for no more than this.
    load: float = 0.6
    # As this site is set up.
    days_kept: float = field(
        default_factory=lambda: float(settings.IMPRESSION_DAYS or FOR_EVER_DAYS)
    )


# Least and most of an assumption; what lies beyond is a slip of the pen.
BOUNDS = {
    "active_share": (0, 1),
    # A core that is planned for nothing does nothing.
    "load": (0.01, 1),
    # The busiest hour has at least the mean, and at most the whole day.
    "peak": (1, 24),
    "days_kept": (1, 36_500),
}
OTHER_BOUNDS = (0, 1_000_000)


@dataclass(frozen=True)
class Line:
    what: str
    amount: float
    unit: str


def sheet(people: int, *, costs: Costs | None = None, habits: Habits | None = None) -> list[Line]:
    """Rates at the peak, cores, memory and disk. Raises ValueError beyond the bounds of people."""
    if not 1 <= people <= MOST_PEOPLE:
        raise ValueError(f"people: a whole number from 1 to {MOST_PEOPLE:,}.")
    costs, habits = costs or Costs(), habits or Habits()
    active = people * habits.active_share
    peak = habits.peak / DAY_SECONDS
    pages, writes = active * habits.pages_a_day * peak, active * habits.writes_a_day * peak
    entries = active * habits.notes_a_day * habits.followers_of_an_author * peak
    lists = active * habits.lists_a_day * peak
    web = cores(pages * costs.page_ms + writes * costs.write_ms, habits)
    worker = cores(lists * costs.list_ms + entries * costs.fan_out_entry_ms, habits)
    notes = active * habits.notes_a_day * habits.days_kept
    rows = active * habits.sights_a_day * habits.days_kept
    database = (
        people * costs.person_bytes + notes * costs.note_bytes + rows * costs.sight_bytes
    )  # fmt: skip
    return [
        Line("people who come on a day", active, ""),
        Line("pages at the peak", pages, "/s"),
        Line("writes at the peak", writes, "/s"),
        Line("timeline entries written at the peak", entries, "/s"),
        Line("discover lists built at the peak", lists, "/s"),
        Line("cores for the web", web, ""),
        Line("cores for workers", worker, ""),
        Line("memory for the web, a process a core", web * costs.web_process_mb / 1e3, "GB"),
        Line("memory for workers", worker * costs.worker_process_mb / 1e3, "GB"),
        Line("rows and indexes after the days kept", database / 1e9, "GB"),
    ]


def cores(milliseconds_a_second: float, habits: Habits) -> int:
    return max(1, math.ceil(milliseconds_a_second / 1000 / habits.load))


def assume(name: str, number: float, costs: Costs, habits: Habits) -> tuple[Costs, Habits]:
    """Both with one assumption replaced. Raises ValueError beyond its bounds (`nan` is beyond all),
    and KeyError where there is none of that name."""
    of_costs, of_habits = dict(assumptions(costs)), dict(assumptions(habits))
    if name not in of_costs | of_habits:
        raise KeyError(name)
    least, most = BOUNDS.get(name, OTHER_BOUNDS)
    if not least <= number <= most:
        raise ValueError(f"{name}: a number from {least:,} to {most:,}.")
    if name in of_costs:
        return replace(costs, **{name: number}), habits
    return costs, replace(habits, **{name: number})


def assumptions(values: Costs | Habits) -> list[tuple[str, float]]:
    return [(each.name, getattr(values, each.name)) for each in fields(values)]
