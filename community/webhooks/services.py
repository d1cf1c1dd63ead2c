"""A person's addresses: added, changed, paused, taken away."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import User

from . import addresses
from .announcing import ring
from .kinds import KINDS
from .models import Endpoint

MOST_ENDPOINTS = 10


def endpoints_of(person: User) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(person=person)


def own_endpoint(person: User, pk: int) -> Endpoint:
    """Raises NotFound."""
    endpoint = endpoints_of(person).filter(pk=pk).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def add_endpoint(*, person: User, url: str, kinds: Iterable[str], now: datetime) -> Endpoint:
    """Raises Invalid, and Conflict where the address is there already."""
    addresses.parse(url)
    wanted = _checked(kinds)
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        known = list(endpoints_of(person).values_list("url", flat=True))
        if len(known) >= MOST_ENDPOINTS:
            text = _("You have %(count)d addresses already. Remove one first.")
            raise Invalid(text % {"count": MOST_ENDPOINTS})
        if url in known:
            raise Conflict(_("This address is told already."), field="url")
        return Endpoint.objects.create(
            person=person, url=url, kinds=wanted, salt=secrets.token_hex(16), created_at=now
        )


def change_endpoint(
    *, person: User, pk: int, kinds: Iterable[str] | None = None, active: bool | None = None
) -> Endpoint:
    """Choose other events, pause, or begin again. What waits is sent once it is active."""
    with transaction.atomic():
        endpoint = own_endpoint(person, pk)
        if kinds is not None:
            endpoint.kinds = _checked(kinds)
        if active is not None:
            endpoint.is_active = active
            endpoint.failing_since, endpoint.given_up = None, False
        endpoint.save(update_fields=["kinds", "is_active", "failing_since", "given_up"])
        if active:
            ring()
    return endpoint


def renew_secret(*, person: User, pk: int) -> Endpoint:
    """Another secret from now on; the old one signs nothing any more."""
    endpoint = own_endpoint(person, pk)
    endpoint.salt = secrets.token_hex(16)
    endpoint.save(update_fields=["salt"])
    return endpoint


def remove_endpoint(*, person: User, pk: int) -> None:
    own_endpoint(person, pk).delete()


def _checked(kinds: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(kinds))
    if not wanted:
        raise Invalid(_("Choose at least one of the events."), field="kinds")
    if unknown := [kind for kind in wanted if kind not in KINDS]:
        raise Invalid(
            _("There is no event “%(name)s”.") % {"name": str(unknown[0])[:60]}, field="kinds"
        )
    return wanted
