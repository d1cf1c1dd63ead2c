"""Discover lists as they were served, with the features of each place: learning starts here.

Only a share of lists is logged, and of those only the head that anybody reaches. Visitors and
people without personal recommendations are never logged. Lists are built far more often than they
are read: one that nobody looked at is dropped within hours, any list after `ranking.log_days`.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet
from numpy.typing import DTypeLike, NDArray

from accounts.models import Profile
from feeds.features import FEATURES, SCHEMA, Matrix, features
from feeds.models import Impression
from feeds.pipeline import Candidate, FeedRequest

from .models import RankedList

# Lists of this age are no longer served (feeds.reading) and the tokens of their pages are void; of
# those that a newer list has replaced, open readings end much earlier.
LOOKED_AT_WITHIN = timedelta(hours=8)
REPLACED_AND_LOOKED_AT_WITHIN = timedelta(hours=2)
DELETED_AT_ONCE = 500
DELETED_A_RUN = 20_000
# Fast: features are mostly zeros, and little is gained by trying harder.
DEFLATION = 1


class Unreadable(Exception):
    """A logged list of another set of features, or with bytes that do not fit its length."""


@dataclass(frozen=True, slots=True)
class LoggedList:
    """One logged list; arrays have one entry a place, in the order served."""

    list_id: int
    person_id: int
    at: datetime
    policy_version: int
    ranker: str
    note_ids: NDArray[np.int64]
    features: Matrix  # (places, FEATURES)
    # As ordered, re-ranking included.
    scores: NDArray[np.float32]
    # Probability of each note at its place, given the places above it.
    propensities: NDArray[np.float32]


def log_list(
    *,
    list_id: int,
    request: FeedRequest,
    ordered: Sequence[Candidate],
    policy_version: int,
    ranker: str,
    arms: str = "",
    propensities: Sequence[float] | None = None,
) -> RankedList | None:
    """Log the head of a list in the share of cases that the policy says; None where it is not.

    `propensities` are those of the candidates unless given. The draw depends on the request's seed.
    """
    rules = request.policy.ranking
    if request.viewer_id is None or not request.personal or not ordered:
        return None
    if random.Random(request.seed + 2).random() >= rules.log_share:
        return None
    head = ordered[: rules.log_places]
    chances = [c.propensity for c in head] if propensities is None else propensities[: len(head)]
    return RankedList.objects.create(
        list_id=list_id,
        person_id=request.viewer_id,
        at=request.now,
        policy_version=policy_version,
        ranker=ranker[:60],
        arms=arms[:60],
        schema=SCHEMA,
        length=len(head),
        note_ids=_packed([c.note_id for c in head], np.int64),
        features=_packed(features(request, head), np.float32),
        scores=_packed([c.score for c in head], np.float32),
        propensities=_packed(chances, np.float32),
    )


def read(row: RankedList) -> LoggedList:
    """Raises Unreadable."""
    if row.schema != SCHEMA:
        raise Unreadable(f"{row}: features {row.schema}, now {SCHEMA}")
    places = row.length
    return LoggedList(
        list_id=row.list_id,
        person_id=row.person_id,
        at=row.at,
        policy_version=row.policy_version,
        ranker=row.ranker,
        note_ids=_unpacked(row.note_ids, np.int64, (places,)),
        features=_unpacked(row.features, np.float32, (places, len(FEATURES))),
        scores=_unpacked(row.scores, np.float32, (places,)),
        propensities=_unpacked(row.propensities, np.float32, (places,)),
    )


def _packed(values: object, kind: DTypeLike) -> bytes:
    little = np.dtype(kind).newbyteorder("<")
    return zlib.compress(np.ascontiguousarray(values, little).tobytes(), DEFLATION)


def _unpacked(data: bytes | memoryview, kind: DTypeLike, shape: tuple[int, ...]) -> NDArray:
    little = np.dtype(kind).newbyteorder("<")
    size = int(np.prod(shape)) * little.itemsize
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(bytes(data), size + 1)
    except zlib.error as error:
        raise Unreadable(str(error)) from error
    if len(raw) != size:
        raise Unreadable(f"{len(raw)} bytes where {size} belong")
    return np.frombuffer(raw, little).reshape(shape).astype(kind)


def withdrawn() -> QuerySet[Profile, Any]:
    """People who do not want to be learnt from."""
    return Profile.objects.filter(personalised=False).values("person")


def forget(*, now: datetime, days: int) -> int:
    """Drop lists that are too old, that nobody looked at, or whose person wants no personal
    recommendations any more; a bounded number a run."""
    rows = RankedList.objects.order_by("pk")
    looked_at = Impression.objects.filter(person=OuterRef("person"), list_id=OuterRef("list_id"))
    replaced = RankedList.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    unseen = rows.filter(
        ~Exists(looked_at),
        Q(at__lt=now - LOOKED_AT_WITHIN)
        | Q(Exists(replaced), at__lt=now - REPLACED_AND_LOOKED_AT_WITHIN),
    )
    gone = 0
    old = rows.filter(at__lt=now - timedelta(days=days))
    for which in (rows.filter(person__in=withdrawn()), old, unseen):
        while gone < DELETED_A_RUN:
            chunk = list(which.values_list("pk", flat=True)[:DELETED_AT_ONCE])
            if not chunk:
                break
            RankedList.objects.filter(pk__in=chunk).delete()
            gone += len(chunk)
    return gone
