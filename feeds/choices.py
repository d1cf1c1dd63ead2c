"""What a person decides about their own feed: interests pinned and removed, dials, languages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User

from .languages import as_chosen
from .less import forget_list, met_by
from .models import Dials, Interest

KINDS = {
    "tag": Interest.Kind.TAG,
    "channel": Interest.Kind.CHANNEL,
    "author": Interest.Kind.AUTHOR,
}
ACTS = ("pin", "unpin", "remove", "restore")
DIALS = ("new", "unknown", "far", "varied")
FURTHEST = 2


def pin_interest(*, person: User, kind: str, target: int, now: datetime) -> None:
    """It does not fade below the policy's `pinned` points. Raises NotFound, and for what was
    removed: bring it back first."""
    _check(person, kind, target)
    with transaction.atomic():
        row, _created = Interest.objects.get_or_create(
            person=person,
            kind=_kind(kind),
            target=target,
            defaults={"weight": 0.0, "as_of": now, "because": ""},
        )
        if row.removed:
            raise NotFound
        Interest.objects.filter(pk=row.pk).update(pinned=True)
        forget_list(person)


def unpin_interest(*, person: User, kind: str, target: int) -> None:
    with transaction.atomic():
        rows = Interest.objects.filter(person=person, kind=_kind(kind), target=target, pinned=True)
        if not rows.update(pinned=False):
            raise NotFound
        forget_list(person)


def remove_interest(*, person: User, kind: str, target: int, now: datetime) -> None:
    """Forget it and learn nothing of it again, until the person brings it back.

    A channel that was chosen at the start and has no row yet gets one, to remember the wish by.
    """
    _check(person, kind, target)
    forgotten = {"weight": 0.0, "recent": 0.0, "acts": 0, "pinned": False, "removed": True}
    with transaction.atomic():
        Interest.objects.update_or_create(
            person=person,
            kind=_kind(kind),
            target=target,
            defaults=forgotten | {"as_of": now, "because": "removed"},
        )
        forget_list(person)


def restore_interest(*, person: User, kind: str, target: int) -> None:
    """It may be learnt again, from nothing. Raises NotFound for what was not removed."""
    with transaction.atomic():
        rows = Interest.objects.filter(person=person, kind=_kind(kind), target=target, removed=True)
        if not rows.delete()[0]:
            raise NotFound
        forget_list(person)


def set_dials(
    *, person: User, by_time: bool, languages: Collection[str] = (), **dials: int
) -> Dials:
    """Each dial from -2 to 2; what is not given is put to 0, and no language means all. Raises
    Invalid."""
    how = {"by_time": by_time, "languages": as_chosen(languages)}
    for name, value in dials.items():
        if name not in DIALS or not -FURTHEST <= value <= FURTHEST:
            raise Invalid(_("A dial goes from -2 to 2."), field=name)
    with transaction.atomic():
        row, _created = Dials.objects.update_or_create(
            person=person,
            defaults={name: dials.get(name, 0) for name in DIALS} | how,
        )
        forget_list(person)
    return row


def _check(person: User, kind: str, target: int) -> None:
    """Raises NotFound for what the person may not know of."""
    _kind(kind)
    if not met_by(person, kind).filter(pk=target).exists():
        raise NotFound


def _kind(kind: str) -> int:
    if kind not in KINDS:
        raise Invalid(_("An interest is a tag, a channel or an author."), field="kind")
    return KINDS[kind]


def change_interest(*, person: User, act: str, kind: str, target: int, now: datetime) -> None:
    """One of ACTS, named. Raises Invalid for another word, NotFound where there is no such row."""
    if act == "pin":
        pin_interest(person=person, kind=kind, target=target, now=now)
    elif act == "unpin":
        unpin_interest(person=person, kind=kind, target=target)
    elif act == "remove":
        remove_interest(person=person, kind=kind, target=target, now=now)
    elif act == "restore":
        restore_interest(person=person, kind=kind, target=target)
    else:
        raise Invalid(_("Choose what to do with this interest."), field="act")
