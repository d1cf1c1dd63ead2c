"""The two links of a change: one confirms it, one undoes it. Neither can be made from the other."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import AddressChange

CONFIRM, UNDO = "rockpool.address.confirm", "rockpool.address.undo"
# Anything longer is none of ours, and not worth a look.
LONGEST = 200


def confirm_link(change: AddressChange) -> str:
    return _address("confirm-address", CONFIRM, change)


def undo_link(change: AddressChange) -> str:
    return _address("undo-address", UNDO, change)


def _address(name: str, salt: str, change: AddressChange) -> str:
    return settings.SITE_URL + reverse(name, args=[signing.dumps(change.pk, salt=salt)])


def change_of(token: str, salt: str) -> AddressChange | None:
    """The change that a link of ours speaks of. Whether it is still good, its row says."""
    if len(token) > LONGEST:
        return None
    try:
        number = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    return AddressChange.objects.select_related("person__profile").filter(pk=number).first()


def masked(address: str) -> str:
    """ "d•••@example.org": enough to know one's own, too little to write to another's."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"
