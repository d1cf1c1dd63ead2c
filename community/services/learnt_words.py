"""How telling each word is in this community: counted over its notes on schedule, as versions."""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from community.artefacts.store import Loaded
from community.models import Note
from community.text.idf import IdfTable

KIND = "words"
FEWEST_NOTES, MOST_NOTES = 50, 50_000
READ_AT_MOST = 2_000  # characters of a note


def idf_in_force() -> IdfTable | None:
    """The table that suggestions use; None while the community is too young for one."""
    loaded = registry.in_force(KIND)
    return loaded.once("table", _table) if loaded is not None else None


def _table(loaded: Loaded) -> IdfTable:
    words: list[str] = json.loads(loaded.texts["words"])
    counts: list[int] = loaded.arrays["counts"].tolist()
    return IdfTable(dict(zip(words, counts, strict=True)), int(loaded.trained_on["notes"]))


def count_words(*, now: datetime) -> Artefact:
    """Count in how many public notes each word stands; in force at once. Refused when too few.

    Every author's texts count, but each text once: a note posted a hundred times is one.
    """
    texts = set(_texts())
    trained_on = {"notes": len(texts)}
    if len(texts) < FEWEST_NOTES:
        reason = f"{FEWEST_NOTES} notes are needed to say which words are rare."
        return registry.refuse(KIND, reason=reason, trained_on=trained_on, now=now)
    table = IdfTable.fit(texts)
    made = store.save(
        KIND,
        arrays={"counts": np.array(list(table.counts.values()), dtype=np.int32)},
        texts={"words": json.dumps(list(table.counts), ensure_ascii=False)},
        figures={"words": len(table)},
        trained_on=trained_on,
        now=now,
    )
    return registry.publish(made, by=None, remark="counted on schedule", now=now)


def _texts() -> list[str]:
    notes = Note.objects.visible_to(None).order_by("-published_at", "-pk")
    rows = notes.values_list("title", "body")[:MOST_NOTES]
    return [f"{title}\n{body[:READ_AT_MOST]}" for title, body in rows.iterator()]
