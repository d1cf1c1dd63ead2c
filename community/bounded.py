"""Delete many old rows a few at a time, so that nobody waits for it."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from community.outbox import stopping

# Rows of one transaction: some ten milliseconds.
AT_ONCE = 500
# One round of the clock; what is left is for the next.
BUDGET_SECONDS = 20.0


def delete_bounded(rows: QuerySet[Any], *, budget: float = BUDGET_SECONDS) -> int:
    """Delete these rows until none is left or the time is spent; returns how many went."""
    until, gone = time.monotonic() + budget, 0
    while not stopping.is_asked():
        with transaction.atomic():
            some = list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE])
            rows.model._base_manager.filter(pk__in=some).delete()
        gone += len(some)
        if len(some) < AT_ONCE or time.monotonic() > until:
            break
    return gone
