"""What a departure takes away, step by step: each app says in `own_leaving.py` what is its.

    @takes_away("likes", stage=Stage.ACTS)
    def likes(person: User, now: datetime) -> int: ...

A step deals with one bounded batch in one transaction and says how much it found; it is called
again until it finds nothing, so that a job that died half-way goes on where it was. Rows that only
point at the person need no step: the last stage deletes or unties them by their foreign key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import IntEnum

from django.db import models, transaction

from accounts.models import Profile, User

# Rows that one transaction takes away.
BATCH = 500

Step = Callable[[User, datetime], int]
Hindrance = Callable[[User], list[str]]


class Stage(IntEnum):
    """In this order: money is settled while there is an account, notes go before what is left."""

    MONEY = 1
    COUNTS = 2
    ACTS = 3
    WORDS = 4
    NOTES = 5
    REST = 6


STEPS: dict[str, tuple[Stage, Step]] = {}
HINDRANCES: list[Hindrance] = []
# Tables that keep their rows: settled by steps of their own, or kept by law.
KEPT: set[str] = {"accounts.Profile", "departures.Departure"}


def takes_away(name: str, *, stage: Stage) -> Callable[[Step], Step]:
    def register(step: Step) -> Step:
        STEPS[name] = (stage, step)
        return step

    return register


def hinders(hindrance: Hindrance) -> Hindrance:
    """Decorate what says, in sentences, what somebody has to settle before they can leave."""
    HINDRANCES.append(hindrance)
    return hindrance


def keeps(*labels: str) -> None:
    """These tables ("app.Model") are left alone by the last stage."""
    KEPT.update(labels)


def hindrances_of(person: User) -> list[str]:
    return [said for hindrance in HINDRANCES for said in hindrance(person)]


def steps() -> Iterator[tuple[str, Step]]:
    """In order of their stages, those of one stage as they were registered."""
    for name, (_stage, step) in sorted(STEPS.items(), key=lambda item: item[1][0]):
        yield name, step


def batch(rows: models.QuerySet[models.Model], *, size: int = BATCH) -> list[int]:
    """Keys of the next rows."""
    return list(rows.order_by("pk").values_list("pk", flat=True)[:size])


@takes_away("whatever points at the account", stage=Stage.REST)
def pointing_rows(person: User, now: datetime) -> int:
    """The next batch of rows with a foreign key to the person: deleted, or untied where that is
    what the key says. What is protected is kept for good (the ledger)."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not (isinstance(relation, models.ManyToOneRel) and relation.auto_created):
            continue
        found = _take_away(relation, person)
        if found:
            return found
    return 0


def _take_away(relation: models.ManyToOneRel, person: User) -> int:
    model, name = relation.related_model, relation.field.name
    if model._meta.label in KEPT or relation.on_delete is models.PROTECT:
        return 0
    ids = batch(model._base_manager.filter(**{name: person}))
    if not ids:
        return 0
    with transaction.atomic():
        rows = model._base_manager.filter(pk__in=ids)
        if relation.on_delete is models.SET_NULL:
            rows.update(**{name: None})
        else:
            rows.delete()
    return len(ids)


def is_held(person: User) -> bool:
    """Whether something that stays points at the account, so that its emptied row has to."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model is not Profile:
            rows = relation.related_model._base_manager
            if rows.filter(**{relation.field.name: person}).exists():
                return True
    return False
