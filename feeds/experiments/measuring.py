"""Guarded figures from rows: of everybody between two times, and of each arm of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from feeds.models import FeedList, PoolTransition
from feeds.policies import current

from .acts import Acts, acts_between, between
from .assignment import pool_policy
from .guards import Measured
from .models import Experiment
from .pool_figures import Admission, admitted, promises_kept, ways_of
from .statistics import Estimate, ratio_of, share_of

Figures = dict[str, Measured]
A_DAY = timedelta(days=1)


def same_hours_before(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The same hours of the day, whole days earlier and all before `start`: people read more in
    the evening than at night whatever the policy."""
    days = A_DAY * max(1, -((start - end) // A_DAY))
    return start - days, end - days


def between_times(since: datetime, until: datetime) -> Figures:
    """Of all readers and new notes in this time."""
    return of_readers(acts_between(since, until)) | _promises(since, until)


def of_readers(acts: Acts) -> Figures:
    shares = {
        "engagement per impression": "engagement",
        "unwanted per impression": "unwanted",
        "reports per impression": "reports",
    }
    seen = acts["impressions"]
    return _figures(
        {name: (ratio_of(acts[column], seen), float(seen.sum())) for name, column in shares.items()}
    )


def _promises(since: datetime, until: datetime) -> Figures:
    """Of the notes whose first promise ended in this time, under whatever policy it was made."""
    hours = hours_by_trial()
    longest = max(3 * A_DAY, 2 * timedelta(hours=hours[""]))  # also for arms that promise longer
    notes = admitted(between(PoolTransition, since - longest, until))
    ended = [
        note
        for note in notes
        if since <= note.at + timedelta(hours=_hours(hours, note.trial)) < until
    ]
    return _kept_figure(ended, {note.trial: _hours(hours, note.trial) for note in ended}, until)


def hours_by_trial() -> dict[str, int]:
    return {"": current()[1].pools.ladder[0].hours}


def _hours(known: dict[str, int], trial: str) -> int:
    if trial not in known:
        known[trial] = pool_policy(trial).pools.ladder[0].hours
    return known[trial]


def _kept_figure(notes: list[Admission], hours: Mapping[str, int], until: datetime) -> Figures:
    kept, due = promises_kept(notes, hours=hours, until=until)
    return _figures({"promises kept": (share_of(kept, due), float(due))})


def empty_lists(since: datetime, until: datetime) -> tuple[int, int]:
    """(empty, all) discover lists of people built in this time and still kept."""
    lists = FeedList.objects.filter(kind="discover", built_at__gte=since, built_at__lt=until)
    lengths = list(lists.exclude(key="0").values_list("length", flat=True))
    return sum(length == 0 for length in lengths), len(lengths)


def emptiness(empty: int, lists: int) -> Figures:
    return _figures({"empty lists": (share_of(empty, lists), float(lists))})


def of_arms(experiment: Experiment, *, until: datetime) -> list[Figures]:
    """Of each arm since the start, the control first."""
    if experiment.started_at is None:
        return []
    if experiment.unit == Experiment.Unit.READER:
        return [of_readers(acts) for acts in acts_of_arms(experiment, experiment.started_at, until)]
    return [_of_notes(rows) for rows in notes_of_arms(experiment, until)]


def acts_of_arms(experiment: Experiment, since: datetime, until: datetime) -> list[Acts]:
    everybody = acts_between(since, until, among=_exposed(experiment, "person_id"))
    arm_of = dict(experiment.exposures.values_list("person_id", "arm"))
    arms = np.array([arm_of[person] for person in everybody.people], np.int64)
    return [
        Acts(
            [person for person in everybody.people if arm_of[person] == arm],
            {name: values[arms == arm] for name, values in everybody.columns.items()},
        )
        for arm in range(len(experiment.arms))
    ]


def _exposed(experiment: Experiment, unit: str) -> Any:
    return experiment.exposures.values_list(unit, flat=True)


def notes_of_arms(experiment: Experiment, until: datetime) -> list[dict[int, dict[str, float]]]:
    """For each arm: note or author -> sums of pool_figures.COLUMNS."""
    by_author = experiment.unit == Experiment.Unit.AUTHOR
    since = experiment.started_at or until
    steps = between(PoolTransition, since, until)
    known = dict(experiment.exposures.values_list("person_id" if by_author else "note_id", "arm"))
    sign = f"{experiment.pk}:"
    notes = [
        note
        for note in admitted(steps)
        if any(part.startswith(sign) for part in note.trial.split("+"))
        and (note.author if by_author else note.note) in known
    ]
    hours = {note.trial: _hours_then(experiment, note.trial) for note in notes}
    ways = ways_of(notes, hours=hours, until=until)
    sums = ways.by_author() if by_author else ways.by_note()
    arms: list[dict[int, dict[str, float]]] = [{} for _ in experiment.arms]
    for unit, row in sums.items():
        arms[known[unit]][unit] = row
    return arms


def _hours_then(experiment: Experiment, trial: str) -> int:
    """How long the first promise had under the arm, also when the experiment is over."""
    from .assignment import arms_of, overridden

    arm = dict(arms_of(trial)).get(experiment.pk)
    overrides = experiment.arms[arm]["overrides"] if arm is not None else {}
    return overridden(current()[1], overrides).pools.ladder[0].hours


def _of_notes(rows: Mapping[int, Mapping[str, float]]) -> Figures:
    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows.values()], np.float64)

    delivered, due = column("delivered"), column("due")
    return _figures(
        {
            "engagement per impression": (
                ratio_of(column("engagement"), delivered),
                float(delivered.sum()),
            ),
            "promises kept": (ratio_of(column("kept"), due), float(due.sum())),
        }
    )


def _figures(found: Mapping[str, tuple[Estimate | None, float]]) -> Figures:
    return {
        name: Measured(estimate, weight)
        for name, (estimate, weight) in found.items()
        if estimate is not None
    }
