"""Notes that enter the pools meet the arms of experiments on notes and authors. Noted with the
entry, in its transaction: which arm promised a note its readers is never guessed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feeds.models import PoolEntry

from .assignment import arms_of, running
from .models import Exposure
from .reach import AUTHOR, READER


def note_entries(entries: Sequence[PoolEntry], *, now: datetime) -> int:
    """Note what these running entries met; returns how many rows were tried."""
    units = {experiment.pk: experiment.unit for experiment in running()}
    met: dict[tuple[int, int, bool], Exposure] = {}
    for entry in entries:
        for pk, arm in arms_of(entry.trial):
            if (unit := units.get(pk, READER)) == READER:
                continue
            of_author = unit == AUTHOR
            who = {"person_id": entry.author_id} if of_author else {"note_id": entry.note_id}
            key = (pk, entry.author_id if of_author else entry.note_id, of_author)
            met.setdefault(key, Exposure(experiment_id=pk, arm=arm, at=now, **who))
    Exposure.objects.bulk_create(met.values(), ignore_conflicts=True, batch_size=500)
    return len(met)
