"""What people saw and did between two times, one row a person: what figures of readers are made
from. Impressions and events are counted by the database; only sums come here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Model, Q, QuerySet, Sum
from numpy.typing import NDArray

from community.moderation.models import Report
from feeds.impressions import OLDEST_EVENT
from feeds.models import Event, Impression, LessOf
from feeds.policies import current

Kind = Event.Kind
Values = NDArray[np.float64]
Sums = dict[str, dict[int, float]]
AT_ONCE = timedelta(0)

COUNTED: dict[int, str] = {
    Kind.OPEN: "opens", Kind.LIKE: "likes", Kind.COLLECT: "collects", Kind.COMMENT: "comments",
    Kind.SHARE: "shares", Kind.FOLLOW: "follows", Kind.HIDE: "hides",
}  # fmt: skip
COLUMNS = (
    "impressions", "slots", "seconds", "engagement", "wishes", "reports", "unwanted",
    *COUNTED.values(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acts:
    """Columns of equal length, a place a person."""

    people: list[int]
    columns: Mapping[str, Values]

    def __getitem__(self, column: str) -> Values:
        return self.columns[column]


def acts_between(since: datetime, until: datetime, *, among: QuerySet[Any] | None = None) -> Acts:
    """Of everybody, or of the people whose ids `among` selects (also those who did nothing)."""
    sums: Sums = {column: {} for column in COLUMNS}
    _add_sights(sums, since, until, among)
    _add_events(sums, since, until, among)
    _add_complaints(sums, since, until, among)
    people = set(among) if among is not None else {p for found in sums.values() for p in found}
    ordered = sorted(people)
    columns = {
        name: np.array([found.get(person, 0.0) for person in ordered], np.float64)
        for name, found in sums.items()
    }
    # A wish about a note is an event as well (a hide): it counts once.
    columns["unwanted"] = columns["hides"] + columns["wishes"]
    return Acts(ordered, columns)


def engagement_scores() -> dict[int, float]:
    """What each kind of act counts (CES) under the policy in force; undoing takes it back."""
    weights = current()[1].engagement
    return {
        Kind.LIKE: weights.like, Kind.UNLIKE: -weights.like, Kind.COLLECT: weights.collect,
        Kind.UNCOLLECT: -weights.collect, Kind.COMMENT: weights.comment,
        Kind.SHARE: weights.share, Kind.FOLLOW: weights.follow,
    }  # fmt: skip


def between(
    model: type[Model],
    since: datetime,
    until: datetime,
    *,
    late: timedelta = AT_ONCE,
    among: QuerySet[Any] | None = None,
) -> QuerySet[Any]:
    """Rows of a log from `since` to before `until`. Logs are long and have no index on time: for
    all people we start behind the newest row that is too old; rows are at most `late` late."""
    rows = model._default_manager.filter(at__gte=since, at__lt=until).order_by()
    if among is not None:
        return rows.filter(person__in=among)
    older = model._default_manager.filter(at__lt=since - late).order_by("-pk")
    behind = older.values_list("pk", flat=True).first()
    return rows.filter(pk__gt=behind) if behind is not None else rows


def _add_sights(sums: Sums, since: datetime, until: datetime, among: QuerySet[Any] | None) -> None:
    seen = between(Impression, since, until, among=among)
    counted = seen.values_list("person_id").annotate(
        Count("pk"), slots=Count("pk", filter=Q(source="pool0"))
    )
    for person, count, slots in counted:
        sums["impressions"][person], sums["slots"][person] = count, slots


def _add_events(sums: Sums, since: datetime, until: datetime, among: QuerySet[Any] | None) -> None:
    scores = engagement_scores()
    acts = between(Event, since, until, late=OLDEST_EVENT, among=among)
    acts = acts.exclude(kind=Kind.IMPRESSION).filter(person__isnull=False)
    counted = acts.values_list("person_id", "kind").annotate(Count("pk"), Sum("value"))
    for person, kind, count, total in counted:
        if kind in scores:
            score = sums["engagement"].get(person, 0.0) + scores[kind] * count
            sums["engagement"][person] = score
        if kind in COUNTED:
            sums[COUNTED[kind]][person] = count
        if kind == Kind.DWELL:
            sums["seconds"][person] = total


def _add_complaints(
    sums: Sums, since: datetime, until: datetime, among: QuerySet[Any] | None
) -> None:
    during: dict[str, Any] = {"created_at__gte": since, "created_at__lt": until}
    wishes = LessOf.objects.filter(**during).exclude(kind=LessOf.Kind.NOTE)
    reports = Report.objects.filter(**during, note__isnull=False)
    if among is not None:
        wishes, reports = wishes.filter(person__in=among), reports.filter(reporter__in=among)
    for column, rows, who in (("wishes", wishes, "person"), ("reports", reports, "reporter")):
        counted = rows.order_by().values_list(f"{who}_id").annotate(Count("pk"))
        sums[column].update(counted)
