"""Collaborations against the ledger: held while agreed, paid when published, else given back."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.differences import Difference

from .models import Collaboration
from .rules import HELD, State


def unbalanced_collaborations() -> Iterator[Difference]:
    held = Collaboration.objects.exclude(hold=None).select_related("hold").order_by("pk")
    for found in held.iterator():
        hold = found.hold
        if hold is None:
            continue
        said = (found.price, 0, 0)
        if found.state == State.PUBLISHED:
            said = (found.price, found.price, 0)
        elif found.state not in HELD:
            said = (found.price, 0, found.price)
        there = (hold.amount, hold.earned, hold.released)
        if said != there:
            yield Difference(f"collaboration {found.pk} ({found.state})", said, there)
