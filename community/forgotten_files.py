"""What nothing names any more leaves the object store, however often the store refuses.

A removal is a job from the transaction in which the last row went. A job that fails is set aside
after five tries, which is three minutes; here nobody else knows the name of the file, so the store
is asked again for as long as it takes, at the latest every six hours.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from accounts.file_store import StoreAway, StoredPath

from .outbox.jobs import enqueue, enqueue_many, handler
from .outbox.models import Job

logger = logging.getLogger(__name__)
KIND = "files.remove"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)


def note(removals: list[dict[str, Any]]) -> None:
    """Rows of alias, name and whether it is a folder; in the transaction that forgets them."""
    enqueue_many(KIND, [(f"{row['alias']}:{row['name']}", row) for row in removals])


@handler(KIND, queue="media", atomic=False)
def remove(*, alias: str, name: str, folder: bool, tries: int = 0) -> None:
    """Outside of a transaction: a store may take half a minute to say nothing."""
    try:
        StoredPath(alias, name).remove(folder=folder)
    except StoreAway as away:
        pause = min(FIRST_PAUSE * 2 ** min(tries, 20), LONGEST_PAUSE)
        logger.warning("%s stays in the store for now (%s)", name, away)
        enqueue(
            KIND, key=f"{alias}:{name}", after=pause,
            alias=alias, name=name, folder=folder, tries=tries + 1,
        )  # fmt: skip


def refused() -> int:
    """Removals that the store did not take at least once, and that are still to be made."""
    return Job.objects.filter(kind=KIND, arguments__tries__gt=0).count()
