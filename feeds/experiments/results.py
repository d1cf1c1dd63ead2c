"""What came of an experiment so far: one row a metric and arm, from impressions and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count, Sum
from numpy.typing import NDArray

from feeds.models import Event, Impression, LessOf
from feeds.policies import current

from .models import Experiment
from .statistics import Estimate, Lift, cuped, lift_of, mean_of, ratio_of, sample_ratio

Kind = Event.Kind
COLUMNS = ("impressions", "less", "opens", "seconds", "likes", "hides", "engagement", "before")
PER_IMPRESSION = {
    "opens per impression": "opens", "seconds per impression": "seconds",
    "likes per impression": "likes", "hides per impression": "hides",
    "engagement per impression": "engagement",
}  # fmt: skip
PER_READER = {
    "impressions per reader": "impressions", "engagement per reader": "engagement",
    "less of this per reader": "less",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    metric: str
    arm: str
    estimate: Estimate | None
    lift: Lift | None  # None for the control


@dataclass(frozen=True, slots=True)
class Results:
    counts: list[tuple[str, int]]
    # p of the sample ratio.
    ratio: float | None
    rows: list[Row]
    # Share of variance of engagement that the time before explains.
    saved: float
    over: bool


Arm = dict[str, NDArray[np.float64]]


def results_of(experiment: Experiment, *, now: datetime) -> Results | None:
    """None before it started."""
    if experiment.started_at is None:
        return None
    until = experiment.stopped_at or now
    arms = _arms(experiment, experiment.started_at, until)
    names = [arm["name"] for arm in experiment.arms]
    adjusted, saved = cuped([a["engagement"] for a in arms], [a["before"] for a in arms])
    rows: list[Row] = []
    for metric, column in PER_READER.items():
        rows += _rows(metric, names, [mean_of(arm[column]) for arm in arms])
    rows += _rows("engagement per reader, less its past", names, [mean_of(a) for a in adjusted])
    for metric, column in PER_IMPRESSION.items():
        ratios = [ratio_of(arm[column], arm["impressions"]) for arm in arms]
        rows += _rows(metric, names, ratios)
    counts = [len(arm["impressions"]) for arm in arms]
    return Results(
        list(zip(names, counts, strict=True)),
        sample_ratio(counts, [arm["share"] for arm in experiment.arms]),
        rows,
        saved,
        until - experiment.started_at >= timedelta(days=experiment.days),
    )


def _rows(metric: str, names: list[str], found: list[Estimate | None]) -> list[Row]:
    return [
        Row(metric, name, estimate, lift_of(estimate, found[0]) if place else None)
        for place, (name, estimate) in enumerate(zip(names, found, strict=True))
    ]


def _arms(experiment: Experiment, since: datetime, until: datetime) -> list[Arm]:
    """Per arm, one value a reader in each of COLUMNS."""
    arm_of = dict(experiment.exposures.order_by("pk").values_list("person_id", "arm"))
    place = {person: row for row, person in enumerate(arm_of)}
    table = np.zeros((len(place), len(COLUMNS)))
    who = experiment.exposures.values("person_id")
    for column, model, when in (("impressions", Impression, "at"), ("less", LessOf, "created_at")):
        during = {f"{when}__gte": since, f"{when}__lt": until, "person__in": who}
        counted = model._default_manager.filter(**during).order_by().values_list("person_id")
        for person, count in counted.annotate(Count("pk")):
            table[place[person], COLUMNS.index(column)] = count
    _add_events(table, place, experiment, since, until)
    arms = np.array(list(arm_of.values()), np.int64)
    return [
        dict(zip(COLUMNS, table[arms == arm].T, strict=True)) for arm in range(len(experiment.arms))
    ]


def _add_events(
    table: NDArray[np.float64],
    place: dict[int, int],
    experiment: Experiment,
    since: datetime,
    until: datetime,
) -> None:
    """Opens, seconds, likes, hides and engagement (CES); and engagement of as long before."""
    weights = current()[1].engagement
    scores = {
        Kind.LIKE: weights.like, Kind.UNLIKE: -weights.like, Kind.COLLECT: weights.collect,
        Kind.UNCOLLECT: -weights.collect, Kind.COMMENT: weights.comment,
        Kind.SHARE: weights.share, Kind.FOLLOW: weights.follow,
    }  # fmt: skip
    plain = {Kind.OPEN: "opens", Kind.LIKE: "likes", Kind.HIDE: "hides"}
    for start, end, column in (
        (since, until, "engagement"),
        (since - (until - since), since, "before"),
    ):
        acts = Event.objects.filter(
            person__in=experiment.exposures.values("person_id"), at__gte=start, at__lt=end
        )
        grouped = acts.order_by().values_list("person_id", "kind")
        for person, kind, count, total in grouped.annotate(Count("pk"), Sum("value")):
            row = place[person]
            table[row, COLUMNS.index(column)] += scores.get(kind, 0) * count
            if column == "engagement" and kind in plain:
                table[row, COLUMNS.index(plain[kind])] += count
            if column == "engagement" and kind == Kind.DWELL:
                table[row, COLUMNS.index("seconds")] += total
