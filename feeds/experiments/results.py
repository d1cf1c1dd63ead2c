"""What came of an experiment so far: one row a metric and arm, from rows of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from .models import Experiment
from .statistics import Estimate, Lift, lift_of, ratio_alarms, ratio_of, sample_ratio


class Warn(StrEnum):
    """What to know before believing the figures. The sentences are in the admin."""

    RATIO = "ratio"
    EARLY = "early"
    # Arms of readers share the notes that are promised first views.
    SHARED_NOTES = "shared_notes"
    # Arms of notes and authors share the readers' slots.
    SHARED_SLOTS = "shared_slots"


@dataclass(frozen=True, slots=True)
class Row:
    metric: str
    arm: str
    estimate: Estimate | None
    lift: Lift | None  # None for the control
    # 1 where more is better, -1 where less is, 0 where neither.
    better: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A figure of one arm on one day of the experiment, counted from its start."""

    arm: str
    day: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Results:
    counts: list[tuple[str, int]]
    # p of the sample ratio.
    ratio: float | None
    rows: list[Row]
    # Share of variance of engagement that the time before explains; None where it is not used.
    saved: float | None
    over: bool
    warnings: list[Warn] = field(default_factory=list)
    # The main metric by day.
    main: str = ""
    days: list[Day] = field(default_factory=list)


def results_of(experiment: Experiment, *, now: datetime) -> Results | None:
    """None before it started."""
    if experiment.started_at is None:
        return None
    until = experiment.stopped_at or now
    if experiment.unit == Experiment.Unit.READER:
        from .reader_results import reader_results

        return reader_results(experiment, since=experiment.started_at, until=until)
    return _pool_results(experiment, until)


def _pool_results(experiment: Experiment, until: datetime) -> Results:
    """Of notes or authors: their sums over notes, one pair a unit."""
    from .measuring import notes_of_arms
    from .pool_figures import FIGURES

    arms, names = notes_of_arms(experiment, until), names_of(experiment)
    rows: list[Row] = []
    for metric, (above, below) in FIGURES.items():
        found = [
            ratio_of(
                np.array([sums[above] for sums in arm.values()], np.float64),
                np.array([sums[below] for sums in arm.values()], np.float64),
            )
            for arm in arms
        ]
        rows += rows_of(metric, names, found, better=-1 if metric.startswith("hours") else 1)
    return finished(experiment, until, [len(arm) for arm in arms], rows)


def finished(
    experiment: Experiment,
    until: datetime,
    counts: Sequence[int],
    rows: list[Row],
    *,
    saved: float | None = None,
    main: str = "",
    days: Sequence[Day] = (),
) -> Results:
    """With the sample ratio and what to know before believing."""
    names = names_of(experiment)
    ratio = sample_ratio(counts, [arm["share"] for arm in experiment.arms])
    over = until - (experiment.started_at or until) >= timedelta(days=experiment.days)
    told = {
        Warn.RATIO: ratio_alarms(ratio),
        Warn.EARLY: not over,
        Warn.SHARED_NOTES: experiment.unit == Experiment.Unit.READER,
        Warn.SHARED_SLOTS: experiment.unit != Experiment.Unit.READER
        and not experiment.split_readers,
    }
    warnings = [warn for warn, holds in told.items() if holds]
    counted = list(zip(names, counts, strict=True))
    return Results(counted, ratio, rows, saved, over, warnings, main, list(days))


def names_of(experiment: Experiment) -> list[str]:
    return [arm["name"] for arm in experiment.arms]


def rows_of(
    metric: str, names: list[str], found: Sequence[Estimate | None], *, better: int = 0
) -> list[Row]:
    return [
        Row(metric, name, estimate, lift_of(estimate, found[0]) if place else None, better)
        for place, (name, estimate) in enumerate(zip(names, found, strict=True))
    ]
