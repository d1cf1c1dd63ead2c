"""Orders against the ledger: what each says was charged and given back is what its hold says."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.differences import Difference

from .models import Boost
from .rules import price_of


def unbalanced_boosts() -> Iterator[Difference]:
    for boost in Boost.objects.select_related("hold").order_by("pk").iterator():
        name, hold = f"boost {boost.pk}", boost.hold
        if hold is None:
            if boost.is_open:
                yield Difference(name, boost.state, "nothing held")
            continue
        said = (boost.total, boost.charged, boost.refunded)
        found = (hold.amount, hold.earned, hold.released)
        if said != found:
            yield Difference(name, said, found)
        due = price_of(boost.delivered, boost.per_thousand)
        if boost.charged > due:
            yield Difference(name, f"{boost.charged} charged", f"{due} due")
        if not boost.is_open and (boost.charged, boost.refunded) != (due, boost.total - due):
            yield Difference(name, f"{said} when it ended", f"{due} due of {boost.total}")
