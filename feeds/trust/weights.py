"""What a reader's sights and acts count for an author: one look at small tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.prepared import Ids, Prepared

from .models import Circle, Member, Reader


class Weight(NamedTuple):
    """From 0 to 1, and why it is less than 1: "ring", "farm", "account" or nothing."""

    value: float
    reason: str


WHOLE = Weight(1.0, "")
READERS = Prepared(
    lambda ids: Reader.objects.filter(person__in=ids).values_list("person_id", flat=True), Ids
)
MEMBERS = Prepared(
    lambda ids: Member.objects.filter(person__in=ids, circle__state=Circle.State.FOUND).values_list(
        "person_id", flat=True
    ),
    Ids,
)
WEIGHTS = Prepared(
    lambda ids: Reader.objects.filter(person__in=ids).values_list("person_id", "weight", "signs"),
    Ids,
)
RINGS = Prepared(
    lambda ids: Member.objects.filter(
        person__in=ids, circle__state=Circle.State.FOUND, circle__kind=Circle.Kind.RING
    ).values_list("person_id", "circle_id", "circle__weight"),
    Ids,
)


def weights_of(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Weight]:
    """Weights below 1 of (reader, author); who is not in the answer counts in full."""
    readers = {reader for reader, _author in pairs}
    everywhere = _everywhere(readers)
    circles = _circles_of(readers)
    # Only where a reader is in a ring do the authors matter.
    authors = {author for reader, author in pairs if reader in circles}
    of_authors = _circles_of(authors) if authors else {}
    found = {}
    for reader, author in pairs:
        shared = circles.get(reader, {}).items() & of_authors.get(author, {}).items()
        ring = min((Weight(value, "ring") for _circle, value in shared), default=WHOLE)
        weight = min(everywhere.get(reader, WHOLE), ring)
        if weight.value < 1:
            found[reader, author] = weight
    return found


def who_is_discounted() -> Q:
    """Rows of acts (person in column `person`) by people who count for less with somebody."""
    members = Member.objects.filter(circle__state=Circle.State.FOUND)
    return Q(person__in=Reader.objects.values("person")) | Q(person__in=members.values("person"))


def discounted_among(people: Collection[int]) -> set[int]:
    """Those of these people who count for less with somebody."""
    ids = list(people)
    return {*READERS(ids), *MEMBERS(ids)}


def _everywhere(people: Collection[int]) -> dict[int, Weight]:
    return {
        person: Weight(weight, "farm" if "farm" in signs else "account")
        for person, weight, signs in WEIGHTS(people)
    }


def _circles_of(people: Collection[int]) -> dict[int, dict[int, float]]:
    """Rings in force by person: circle → weight."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for person, circle, weight in RINGS(people):
        found[person][circle] = weight
    return found


def without_rings(rows: QuerySet, who: str) -> QuerySet:
    """Rows of acts (person in column `who`, on a note) less those by farms, and by members of a
    ring on notes of its other members."""
    farms = Member.objects.filter(
        person=OuterRef(who), circle__kind=Circle.Kind.FARM, circle__state=Circle.State.FOUND
    )
    rings = Member.objects.filter(
        person=OuterRef(who),
        circle__kind=Circle.Kind.RING,
        circle__state=Circle.State.FOUND,
        circle__members__person=OuterRef("note__author"),
    )
    return rows.exclude(Exists(farms)).exclude(Exists(rings))
