"""Learn from behaviour: publish what is better than popularity, say why where it is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from community.models import TaggedNote
from feeds.policies import current
from feeds.policy import Policy

from . import behaviour as behaviours
from . import lessons, standing
from .behaviour import Behaviour, Ints
from .folding import rows_of
from .lessons import Lesson
from .methods.matrices import Unlearnable, behaviour_matrix
from .standing import COLD, FACTORS, SIMILAR

logger = logging.getLogger(__name__)
# In this order: predictions of new notes belong to one version of the factors.
KINDS = (SIMILAR, FACTORS, COLD)
THREADS = 2
IDS_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training led to: the row that tells of it (none after a dry run), and why not."""

    kind: str
    artefact: Artefact | None
    figures: dict[str, Any]
    trained_on: dict[str, Any]
    refused: str = ""


def train(
    kinds: Iterable[str] = KINDS,
    *,
    now: datetime,
    dry_run: bool = False,
    say: Callable[[str], None] = logger.info,
) -> list[Outcome]:
    """1. read behaviour   2. learn and judge each kind   3. save   4. publish.

    A refusal leaves what is in force untouched and is recorded with its reason.
    """
    version, policy = current()
    material = behaviours.read(now=now, policy=policy)
    say(f"behaviour: {material.described()}")
    outcomes = []
    for kind in (kind for kind in KINDS if kind in set(kinds)):
        trained_on = material.described() | {"policy_version": version}
        if kind == COLD:
            trained_on[FACTORS] = factors_in_force()
        with threadpool_limits(THREADS):
            outcomes.append(_train(kind, material, policy, trained_on, now=now, dry_run=dry_run))
        say(f"{kind}: {outcomes[-1].refused or outcomes[-1].figures}")
    return outcomes


def _train(
    kind: str,
    material: Behaviour,
    policy: Policy,
    trained_on: dict[str, Any],
    *,
    now: datetime,
    dry_run: bool,
) -> Outcome:
    try:
        lesson = LESSONS[kind](material, policy)
    except Unlearnable as refusal:
        reason, row = str(refusal), None
        if not dry_run:
            row = registry.refuse(kind, reason=reason, trained_on=trained_on, now=now)
        return Outcome(kind, row, {}, trained_on, reason)
    if dry_run:
        return Outcome(kind, None, lesson.figures, trained_on)
    kept = store.save(
        kind, arrays=lesson.arrays, figures=lesson.figures, trained_on=trained_on, now=now
    )
    against = lesson.figures.get("of_popular", lesson.figures.get("by_chance"))
    recall = lesson.figures[f"recall@{lessons.K}"]
    remark = f"recall@{lessons.K} {recall}, without it {against}"
    kept = registry.publish(kept, by=None, remark=remark, now=now)
    registry.forget()
    return Outcome(kind, kept, lesson.figures, trained_on)


def _similar(material: Behaviour, policy: Policy) -> Lesson:
    return lessons.learn_similar(material.matrix, material.notes, policy.learning)


def _factors(material: Behaviour, policy: Policy) -> Lesson:
    return lessons.learn_factors(material.matrix, material.notes, policy.learning)


def _cold(material: Behaviour, _policy: Policy) -> Lesson:
    """Predictions for the factors in force, whose notes may be others than those of today."""
    factors = standing.factors()
    if factors is None:
        raise Unlearnable("no factors are in force")
    notes = np.array(factors.notes)
    rows, columns = material.matrix.nonzero()
    columns = rows_of(notes, material.notes[columns])
    known = columns >= 0
    matrix = behaviour_matrix(
        rows[known],
        columns[known],
        (len(material.people), len(notes)),
        material.matrix.data[known],
    )
    tag_ids, tags = tags_of(notes)
    return lessons.learn_cold(matrix, factors, tags, tag_ids)


LESSONS: dict[str, Callable[[Behaviour, Policy], Lesson]] = {
    SIMILAR: _similar, FACTORS: _factors, COLD: _cold,
}  # fmt: skip


def tags_of(notes: Ints) -> tuple[Ints, Any]:
    """(tag ids, CSR (notes, tags) of ones)."""
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(notes), IDS_AT_ONCE):
        chunk = notes[start : start + IDS_AT_ONCE].tolist()
        rows = TaggedNote.objects.filter(content_object__in=chunk)
        pairs += rows.values_list("content_object_id", "tag_id")
    table = np.array(pairs, np.int64).reshape(-1, 2)
    tag_ids, columns = np.unique(table[:, 1], return_inverse=True)
    shape = (len(notes), len(tag_ids))
    return tag_ids, behaviour_matrix(rows_of(notes, table[:, 0]), columns, shape)


# ---------------------------------------------------------------- the clock
def due(*, now: datetime) -> list[str]:
    """Kinds whose last training, refused or not, is `learning.every_hours` old; and predictions
    that belong to other factors than those in force."""
    since = now - timedelta(hours=current()[1].learning.every_hours)
    lately = set(Artefact.objects.filter(trained_at__gt=since).values_list("kind", flat=True))
    kinds = [kind for kind in KINDS if kind not in lately]
    if COLD not in kinds and (FACTORS in kinds or _predictions_are_of_others()):
        kinds.append(COLD)
    return kinds


def factors_in_force() -> int | None:
    loaded = registry.in_force(FACTORS)
    return loaded.number if loaded is not None else None


def _predictions_are_of_others() -> bool:
    newest = Artefact.objects.filter(kind=COLD).first()
    return newest is not None and newest.trained_on.get(FACTORS) != factors_in_force()
