"""Figures as a page draws them: places on a chart of 100 by 100, widths of bars, shades of cells.

Drawn by the server, so that charts are there without a script, print, and follow the theme. Lines
differ by their dashes and bars by their numbers: no colour has to be told from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .rules import Group, Totals, share
from .wording import FIGURES, TIES


@dataclass(frozen=True, slots=True)
class Line:
    """A figure over time: its points, and its largest value."""

    name: str
    label: str
    points: str
    most: int


def lines(days: Sequence[tuple[date, Totals]], names: Sequence[str]) -> list[Line]:
    """Each figure by its own largest value, so that small ones are seen beside large ones."""
    drawn = []
    for name in names:
        values = [getattr(totals, name) for _day, totals in days]
        most = max(values, default=0)
        drawn.append(Line(name, str(FIGURES[name]), _points(values, most), most))
    return drawn


def follow_lines(days: Sequence[tuple[date, int, int]]) -> list[Line]:
    """Followers gained and lost, by one measure: they are of one kind. None where none came or
    went."""
    gained, lost = [came for _day, came, _went in days], [went for _day, _came, went in days]
    most = max(*gained, *lost, 0)
    if not most:
        return []
    return [
        Line("gained", _("Gained"), _points(gained, most), max(gained)),
        Line("lost", pgettext("followers", "Lost"), _points(lost, most), max(lost)),
    ]


def _points(values: Sequence[int], most: int) -> str:
    step = 100 / max(1, len(values) - 1)
    return " ".join(
        f"{n * step:.2f},{100 - 100 * max(0, value) / (most or 1):.2f}"
        for n, value in enumerate(values)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """`width` of 100; `count` people or times; `rate` a share or None."""

    label: str
    width: float
    count: int
    rate: float | None = None
    rate_label: str = ""


def funnel(totals: Totals) -> list[Bar]:
    """Seen, opened, read, engaged: each with its share of the step before."""
    steps = (
        ("impressions", totals.impressions, None),
        ("opens", totals.opens, totals.open_rate),
        ("reads", totals.reads, totals.read_rate),
        ("engagement", totals.engagement, totals.engagement_rate),
    )
    most = max(1, totals.impressions, totals.opens)
    return [
        Bar(str(FIGURES[name]), min(100.0, 100 * count / most), count, rate)
        for name, count, rate in steps
    ]


def group_bars(groups: Sequence[Group], names: Mapping[str, object] | None = None) -> list[Bar]:
    """People by kind, with the share of them who opened."""
    most = max((group.seen for group in groups), default=1)
    return [
        Bar(
            str(names.get(group.value, group.value) if names else group.value),
            100 * group.seen / most,
            group.seen,
            share(group.opened, group.seen),
        )
        for group in groups
    ]


def tie_bars(groups: Sequence[Group]) -> list[Bar]:
    return group_bars(groups, TIES)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week: opens, and a shade from 0 to 5."""

    count: int
    shade: int


def week(hours: Mapping[tuple[int, int], int]) -> list[tuple[str, list[Cell]]]:
    """(name of the weekday, its 24 hours), Monday first; none where nothing was opened."""
    most = max(hours.values(), default=0)
    if not most:
        return []
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return [
        (
            name,
            [
                Cell(count, -(-5 * count // most))
                for count in (hours.get((weekday, hour), 0) for hour in range(24))
            ],
        )
        for weekday, name in enumerate(names)
    ]


def day_name(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")
