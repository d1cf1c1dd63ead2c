"""What an order delivered: qualified impressions, counted one by one and never beyond the order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from community.outbox.jobs import enqueue
from feeds.qualification import Sight

from .checking import local_day
from .models import Boost, BoostDelivery
from .rules import State

SOURCE = "boost"
# Pairs looked up in one statement.
AT_ONCE = 900


def confirm(sight: Sight, *, viewer_id: int, now: datetime) -> bool:
    """Count a first qualified sight of a paid card; True if it is one of those ordered.

    The row of the order decides in one statement: what comes after the last impression, above the
    day's cap, after a stop, or from a farm is noted as seen and charged to nobody.
    """
    note_id = sight.card.note_id
    sent = BoostDelivery.objects.filter(note=note_id, person=viewer_id, seen_at=None)
    boost_id = sent.values_list("boost_id", flat=True).first()
    if boost_id is None or not sent.update(seen_at=now):
        return False
    if not sight.counts or not _count(boost_id, now):
        return False
    BoostDelivery.objects.filter(note=note_id, person=viewer_id).update(counted=True)
    return True


def _count(boost_id: int, now: datetime) -> bool:
    """One more, if the order still wants it at this moment."""
    boost = Boost.objects.only("zone", "impressions").get(pk=boost_id)
    today = local_day(boost.zone, now)
    counted = Boost.objects.filter(
        Q(daily_cap=None) | Q(day=None) | Q(day__lt=today) | Q(delivered_today__lt=F("daily_cap")),
        Q(day=None) | Q(day__lte=today),
        pk=boost_id,
        state=State.RUNNING,
        runs_from__lte=now,
        ends_at__gt=now,
        delivered__lt=F("impressions"),
    ).update(
        delivered=F("delivered") + 1,
        delivered_today=Case(When(day=today, then=F("delivered_today") + 1), default=Value(1)),
        day=today,
    )
    if counted and Boost.objects.filter(pk=boost_id, delivered=F("impressions")).exists():
        enqueue("boosts.settle", key=boost_id, boost=boost_id)
    return bool(counted)


# ---------------------------------------------------------------- paid readers
def paid_pairs(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (person, note) who met the note for money: what they do counts for the
    order's report, and for no pool, popularity or rank."""
    notes = sorted({note for _person, note in pairs})
    found: set[tuple[int, int]] = set()
    for start in range(0, len(notes), AT_ONCE):
        boosted = _boosted(notes[start : start + AT_ONCE])
        if boosted:
            found.update(
                BoostDelivery.objects.filter(
                    note__in=boosted,
                    person__in={person for person, note in pairs if note in boosted},
                    seen_at__isnull=False,
                ).values_list("person_id", "note_id")
            )
    return found & set(pairs)


def _boosted(notes: list[int]) -> set[int]:
    """Those of these notes that were ever paid for: hardly any, so most digests end here."""
    return {
        pk for pk in Boost.objects.filter(note__in=notes).values_list("note_id", flat=True) if pk
    }


def met_for_money(*, person: str, note: str = "note") -> Combinable | Exists:
    """The same as a condition on a row with a person and a note."""
    return Exists(
        BoostDelivery.objects.filter(
            note=OuterRef(note), person=OuterRef(person), seen_at__isnull=False
        )
    )
