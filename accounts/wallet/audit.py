"""What must hold of the ledger: balances are sums of entries, holds too, what is held of a person
is what is left of their holds, nothing is made, and the database guards what was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from . import append_only
from .models import Account, Entry, Hold


def differences() -> Iterator[tuple[str, Any, Any]]:
    """(row, what it says, what its entries say)."""
    accounts = Account.objects.annotate(
        found=_sum("given_to", OuterRef("pk")) - _sum("taken_from", OuterRef("pk"))
    )
    for pk, said, found in accounts.order_by("pk").values_list("pk", "balance", "found"):
        if said != found:
            yield f"account {pk}", said, found
    kinds = {"amount": "hold", "earned": "earn", "released": "release"}
    holds = Hold.objects.annotate(
        **{f"sum_{name}": _sum("hold", OuterRef("pk"), kind=kind) for name, kind in kinds.items()}
    )
    for hold in holds.order_by("pk"):
        states = [getattr(hold, name) for name in kinds]
        summed = [getattr(hold, f"sum_{name}") for name in kinds]
        if states != summed:
            yield f"hold {hold.pk}", states, summed
    total = Account.objects.aggregate(total=Coalesce(Sum("balance"), 0))["total"]
    if total:
        yield "all accounts", total, 0
    yield from _held_without_hold()
    for trigger in append_only.missing():
        yield f"trigger {trigger}", "missing", "in place"


def _held_without_hold() -> Iterator[tuple[str, Any, Any]]:
    """People of whom more or less is held than their holds have left."""
    rows = Hold.objects.order_by().values_list("person")
    left: dict[int, int] = dict(rows.annotate(rest=Sum(F("amount") - F("earned") - F("released"))))
    held = dict(Account.objects.filter(kind="held").values_list("person", "balance"))
    for person in sorted(left.keys() | held.keys()):
        if held.get(person, 0) != left.get(person, 0):
            yield f"held of person {person}", held.get(person, 0), left.get(person, 0)


def _sum(field: str, value: Any, **only: Any) -> Any:
    rows = Entry.objects.filter(**{field: value}, **only).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(total=Sum("amount")).values("total")), 0)
