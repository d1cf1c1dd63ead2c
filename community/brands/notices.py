"""What a team and those asked to join it are told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.text import format_lazy

from accounts.models import User
from community.notifications.models import Notification
from community.notifications.services import tell

from .models import Brand
from .rules import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Notification.Kind


def tell_team(brand: Brand, words: StrOrPromise, *, now: datetime) -> None:
    """Every owner and manager, with the brand's name before the words."""
    people = brand.members.exclude(role=Role.EDITOR).values_list("person_id", flat=True)
    for person_id in people:
        tell_person(brand, person_id, words, now=now)


def tell_person(brand: Brand, person_id: int, words: StrOrPromise, *, now: datetime) -> None:
    said = format_lazy("{}: {}", brand.name, words)
    tell(person_id=person_id, kind=Kind.BRAND, words=said, now=now)


def tell_invited(brand: Brand, person_id: int, *, by: User, now: datetime) -> None:
    tell(person_id=person_id, kind=Kind.BRAND_INVITE, actor_id=by.pk, words=brand.name, now=now)


def with_reason(told: StrOrPromise, reason: str) -> StrOrPromise:
    """What was decided, and the words of who decided, if any."""
    return format_lazy("{}: {}", told, reason) if reason else told
