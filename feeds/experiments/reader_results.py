"""Results of an experiment on readers: what they saw, did, said, and whether they came back."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import TruncHour
from django.utils.translation import gettext_noop as _

from feeds.models import Event, Impression

from .acts import Acts, acts_between, between, engagement_scores
from .measuring import acts_of_arms
from .models import Experiment, Exposure
from .results import Day, Results, Row, finished, names_of, rows_of
from .sights import Sights, came_back, sessions, sights_of, spread_by_arm
from .statistics import Estimate, cuped, mean_of, ratio_of

MAIN = _("engagement per impression")
# Metric -> (column of acts, whether more is better).
PER_READER = {
    _("impressions per reader"): ("impressions", 0),
    _("engagement per reader"): ("engagement", 1),
    _("“less of this” per reader"): ("wishes", -1),
    _("reports per reader"): ("reports", -1),
    _("follows per reader"): ("follows", 1),
    _("comments per reader"): ("comments", 1),
    _("shares per reader"): ("shares", 1),
}
PER_IMPRESSION = {
    MAIN: ("engagement", 1),
    _("opens per impression"): ("opens", 1),
    _("seconds per impression"): ("seconds", 1),
    _("likes per impression"): ("likes", 1),
    _("saves per impression"): ("collects", 1),
    _("hides per impression"): ("hides", -1),
    _("reserved first views per impression"): ("slots", 0),
}
RETURN_DAYS = (1, 7)
RETURNED = (_("came back on day 1"), _("came back on day 7"))
SPREAD = {
    _("Gini of exposure by note"): -1,
    _("Gini of exposure by author"): -1,
    _("live notes seen"): 1,
    _("new notes seen"): 1,
}


def reader_results(experiment: Experiment, *, since: datetime, until: datetime) -> Results:
    names, arms = names_of(experiment), acts_of_arms(experiment, since, until)
    sights = _by_arm(experiment, sights_of(experiment, since, until))
    rows: list[Row] = []
    for metric, (column, better) in PER_IMPRESSION.items():
        ratios = [ratio_of(arm[column], arm["impressions"]) for arm in arms]
        rows += rows_of(metric, names, ratios, better=better)
    for metric, (column, better) in PER_READER.items():
        rows += rows_of(metric, names, [mean_of(arm[column]) for arm in arms], better=better)
    adjusted, saved = _less_its_past(experiment, arms, since, until)
    rows += rows_of(_("engagement per reader, less its past"), names, adjusted, better=1)
    rows += _sittings(names, arms, sights)
    rows += _returning(experiment, names, sights, since, until)
    for metric, found in spread_by_arm(sights, since, until).items():
        rows += rows_of(metric, names, found, better=SPREAD[metric])
    # Notes are promised their readers by all arms together: nothing of it belongs to one.
    rows += rows_of(_("promises kept"), names, [None] * len(names), better=1)
    counts = [len(arm.people) for arm in arms]
    days = _days(experiment, since, until)
    return finished(experiment, until, counts, rows, saved=saved, main=MAIN, days=days)


def _by_arm(experiment: Experiment, sights: Sights) -> list[Sights]:
    arm_of = dict(experiment.exposures.values_list("person_id", "arm"))
    arms = np.array([arm_of.get(int(person), -1) for person in sights.people], np.int64)
    return [sights.of(arms == arm) for arm in range(len(experiment.arms))]


def _less_its_past(
    experiment: Experiment, arms: list[Acts], since: datetime, until: datetime
) -> tuple[list[Estimate | None], float]:
    """Engagement of each reader less what the same time before explains (CUPED)."""
    among = experiment.exposures.values_list("person_id", flat=True)
    earlier = acts_between(since - (until - since), since, among=among)
    known = dict(zip(earlier.people, earlier["engagement"].tolist(), strict=True))
    past = [np.array([known.get(p, 0.0) for p in arm.people], np.float64) for arm in arms]
    values, saved = cuped([arm["engagement"] for arm in arms], past)
    return [mean_of(arm) for arm in values], saved


def _sittings(names: list[str], arms: list[Acts], sights: list[Sights]) -> list[Row]:
    found: list[Estimate | None] = []
    for arm, seen in zip(arms, sights, strict=True):
        counted = sessions(seen)
        found.append(mean_of([float(counted.get(person, 0)) for person in arm.people]))
    return rows_of(_("sittings per reader"), names, found, better=1)


def _returning(
    experiment: Experiment,
    names: list[str],
    sights: list[Sights],
    since: datetime,
    until: datetime,
) -> list[Row]:
    exposed: list[dict[int, datetime]] = [{} for _ in names]
    for person, arm, at in experiment.exposures.values_list("person_id", "arm", "at"):
        if person is not None:
            exposed[arm][person] = at
    rows: list[Row] = []
    for day, metric in zip(RETURN_DAYS, RETURNED, strict=True):
        found = [
            came_back(seen, met, since, until, day)
            for seen, met in zip(sights, exposed, strict=True)
        ]
        rows += rows_of(metric, names, found, better=1)
    return rows


def _days(experiment: Experiment, since: datetime, until: datetime) -> list[Day]:
    """The main metric by arm and day. Hours are summed by the database; the first and last day may
    be short."""
    among = experiment.exposures.values_list("person_id", flat=True)
    met = Exposure.objects.filter(experiment=experiment, person=OuterRef("person_id"))
    seen: dict[tuple[int, int], float] = defaultdict(float)
    done: dict[tuple[int, int], float] = defaultdict(float)
    by_hour = {"arm": Subquery(met.values("arm")[:1]), "hour": TruncHour("at")}
    sights = between(Impression, since, until, among=among).annotate(**by_hour)
    for arm, hour, count in sights.values_list("arm", "hour").annotate(Count("pk")):
        seen[arm, _day(hour, since)] += count
    scores = engagement_scores()
    acts = between(Event, since, until, among=among).filter(kind__in=scores).annotate(**by_hour)
    for arm, hour, kind, count in acts.values_list("arm", "hour", "kind").annotate(Count("pk")):
        done[arm, _day(hour, since)] += scores[kind] * count
    last = _day(until - timedelta(microseconds=1), since)
    return [
        Day(name, day, done[arm, day] / seen[arm, day] if seen[arm, day] else None)
        for arm, name in enumerate(names_of(experiment))
        for day in range(last + 1)
    ]


def _day(at: datetime, since: datetime) -> int:
    return max(0, (at - since) // timedelta(days=1))
