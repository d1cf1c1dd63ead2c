"""Who falls where: salted hashes of a unit's number, the same in every process for ever. Pure.

A layer hashes its units into BUCKETS; experiments of one layer hold ranges that do not overlap, so
that nobody is in two of them; layers hash independently of each other. Within an experiment a
second hash, salted by the experiment, chooses the arm, so that nothing carries over from the
experiment that held these buckets before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

BUCKETS = 1_000
# The first buckets of every layer are never given away: they are what experiments together cost.
HOLDOUT = 50


def bucket_of(salt: str, unit: int) -> int:
    """0 .. BUCKETS - 1, alike likely."""
    digest = hashlib.blake2b(f"{salt}:{unit}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % BUCKETS


def arm_of(salt: str, unit: int, shares: Sequence[int]) -> int:
    """Place of the arm; shares are in buckets and sum to BUCKETS."""
    bucket, upto = bucket_of(salt, unit), 0
    for place, share in enumerate(shares):
        upto += share
        if bucket < upto:
            return place
    raise ValueError("shares do not sum to all buckets")


def faults_of_range(first: int, width: int, others: Sequence[tuple[int, int]]) -> list[str]:
    """What is wrong with buckets first .. first + width - 1 beside (first, width) of others."""
    if width < 1 or first < HOLDOUT or first + width > BUCKETS:
        return [f"buckets: must lie within {HOLDOUT} to {BUCKETS - 1}"]
    taken = [(a, w) for a, w in others if first < a + w and a < first + width]
    return [f"buckets: {a} to {a + w - 1} belong to another experiment" for a, w in taken]


def faults_of_shares(shares: Sequence[int]) -> list[str]:
    if len(shares) < 2:
        return ["arms: an experiment needs at least two"]
    if any(share < 1 for share in shares):
        return ["arms: every share must be at least 1"]
    if sum(shares) != BUCKETS:
        return [f"arms: shares must sum to {BUCKETS}, not {sum(shares)}"]
    return []
