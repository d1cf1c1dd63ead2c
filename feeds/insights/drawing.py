"""Figures as a page draws them: places on a chart of 100 by 100, widths of bars, shades of cells.

Drawn by the server, so that charts are there without a script, print, and follow the theme. Lines
differ by their dashes and bars by their numbers: no colour has to be told from another. The values
of a day are in the page, told where one points at it or touches it (docs/decisions/0048-charts.md).
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

    label: str
    points: str
    most: int


@dataclass(frozen=True, slots=True)
class Column:
    """A day or hour of a chart, and what is told where one points at it: (figure, value)."""

    label: str
    told: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over the same columns; `marks` are those named below: first, middle, last."""

    lines: list[Line]
    columns: list[Column]

    @property
    def marks(self) -> list[str]:
        last = len(self.columns) - 1
        places = sorted({0, last // 2, last}) if self.columns else []
        return [self.columns[at].label for at in places]


def course(days: Sequence[tuple[date, Totals]], names: Sequence[str]) -> Chart:
    """Each figure by its own largest value, so that small ones are seen beside large ones."""
    figures = {
        str(FIGURES[name]): [getattr(totals, name) for _day, totals in days] for name in names
    }
    return chart([day_name(day) for day, _totals in days], figures)


def chart(labels: Sequence[str], figures: Mapping[str, Sequence[int]]) -> Chart:
    """Lines by name over columns by label, each by its own largest value."""
    drawn = [_line(name, values, max(values, default=0)) for name, values in figures.items()]
    return _chart(labels, drawn, list(figures.values()))


def followers(days: Sequence[tuple[date, int, int]]) -> Chart | None:
    """Followers gained and lost, by one measure: they are of one kind. None where none came or
    went."""
    gained, lost = [came for _day, came, _went in days], [went for _day, _came, went in days]
    most = max(*gained, *lost, 0)
    if not most:
        return None
    drawn = [
        _line(_("Gained"), gained, most),
        _line(pgettext("followers", "Lost"), lost, most),
    ]
    return _chart([day_name(day) for day, _came, _went in days], drawn, [gained, lost])


def _line(label: str, values: Sequence[int], scale: int) -> Line:
    """Each value in the middle of its column, by a scale of 0 to `scale`."""
    wide = 100 / max(1, len(values))
    points = " ".join(
        f"{(n + 0.5) * wide:.2f},{100 - 100 * max(0, value) / (scale or 1):.2f}"
        for n, value in enumerate(values)
    )
    return Line(label, points, max(values, default=0))


def _chart(labels: Sequence[str], drawn: list[Line], figures: Sequence[Sequence[int]]) -> Chart:
    names = [line.label for line in drawn]
    columns = [
        Column(label, list(zip(names, values, strict=True)))
        for label, *values in zip(labels, *figures, strict=True)
    ]
    return Chart(drawn, columns)


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
