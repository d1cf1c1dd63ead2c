"""Train the ranker on what was logged: publish it when it is better, say why when it is not."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from feeds.features import SCHEMA
from feeds.policies import current

from . import dataset, learning, plots
from .learnt import as_parts
from .standing import KIND
from .table import Cleaned

logger = logging.getLogger(__name__)

# What was learnt stands at least so long before the clock trains again, also when taken back.
STANDS_FOR = timedelta(hours=20)
# Features whose share of the gain is kept with a version.
MOST_IMPORTANT = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training led to: the row that tells of it (none after a dry run), and why not."""

    artefact: Artefact | None
    figures: dict[str, Any]
    trained_on: dict[str, Any]
    refused: str = ""


def train(
    *,
    now: datetime,
    least: int | None = None,
    dry_run: bool = False,
    say: Callable[[str], None] = logger.info,
) -> Outcome:
    """1. load and clean   2. learn, calibrate, judge   3. save   4. publish.

    A refusal leaves what is in force untouched and is recorded with its reason.
    """
    version, policy = current()
    examples = dataset.load(now=now, policy=policy)
    trained_on = described(examples) | {"policy_version": version, "schema": SCHEMA}
    threads = max(1, (os.cpu_count() or 2) // 2)
    try:
        lesson = learning.learn(examples.table, policy, least=least, threads=threads, say=say)
    except learning.Refused as refusal:
        reason = str(refusal)
        row = None
        if not dry_run:
            row = registry.refuse(
                KIND, reason=reason, trained_on=trained_on, figures=refusal.figures, now=now
            )
        return Outcome(row, refusal.figures, trained_on, reason)
    largest = sorted(lesson.importance.items(), key=lambda item: -item[1])[:MOST_IMPORTANT]
    figures = lesson.figures | {"importance": {name: round(share, 4) for name, share in largest}}
    if dry_run:
        return Outcome(None, figures, trained_on)
    arrays, texts = as_parts(lesson.forests, lesson.calibrations)
    texts |= plots.plots_of(lesson.curves, lesson.importance)
    kept = store.save(
        KIND, arrays=arrays, texts=texts, figures=figures, trained_on=trained_on, now=now
    )
    opens = figures["against_formula"]["open"]
    remark = f"GAUC of opens {opens['gauc']:.4f}, formula {opens['gauc_formula']:.4f}"
    return Outcome(registry.publish(kept, by=None, remark=remark, now=now), figures, trained_on)


def is_due(*, now: datetime) -> bool:
    """Whether the last version is old enough for another training; refused trainings are tried
    again with what was logged since."""
    lately = Artefact.objects.filter(kind=KIND, trained_at__gt=now - STANDS_FOR)
    return not lately.exclude(state=Artefact.State.REFUSED).exists()


def described(examples: Cleaned) -> dict[str, Any]:
    """The examples in figures, with what was left out."""
    table = examples.table
    span = (table.at.min(), table.at.max()) if len(table) else ()
    return {
        "impressions": len(table),
        "people": len(set(table.people.tolist())),
        "notes": len(set(table.notes.tolist())),
        "between": [
            datetime.fromtimestamp(float(at), UTC).isoformat(timespec="minutes") for at in span
        ],
        "left_out": {
            "machines": examples.machines,
            "rows_of_machines": examples.of_machines,
            "rows_beyond_cap": examples.beyond_cap,
            "rows_not_finite": examples.not_finite,
        },
    }
