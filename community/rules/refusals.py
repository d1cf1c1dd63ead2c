"""Count what rules refused: the write was rolled back, and its hit with it.

So a refusal is remembered in the thread of the write and written down when its transaction is over:
after a request, pages and programs alike (middleware.py), and after a job of a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from .models import Hit

_here = local()


def remember(hit: Hit) -> None:
    """Outside of `counted` nobody writes it down, and nothing is kept."""
    if (hits := getattr(_here, "hits", None)) is not None:
        hits.append(hit)


@contextmanager
def counted() -> Iterator[None]:
    """Around a request or job, outside of its transactions: what is refused in it is counted."""
    outer = getattr(_here, "hits", None)
    hits: list[Hit] = []
    _here.hits = hits
    try:
        yield
    finally:
        _here.hits = outer
        if hits:
            Hit.objects.bulk_create(hits)
