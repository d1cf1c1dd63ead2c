"""Browsers are added and taken away."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.webhooks import addresses

from .models import PushSubscription

MOST_BROWSERS = 10
POINT, SECRET = 65, 16


def browsers_of(person: User) -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(person=person)


def subscribe(
    *,
    person: User,
    endpoint: str,
    p256dh: str,
    auth: str,
    device: str = "",
    session: str = "",
    now: datetime,
) -> PushSubscription:
    """Send push messages to a browser. Known already, it is theirs from now on; beyond
    MOST_BROWSERS the oldest is forgotten. Raises Invalid."""
    addresses.parse(endpoint)
    fields = {
        "person": person,
        "endpoint": endpoint,
        "p256dh": _checked_point(p256dh),
        "auth": _checked_secret(auth),
        "device": device[:60],
        "session": session,
        "failing_since": None,
    }
    hashed = hashlib.sha256(endpoint.encode()).hexdigest()
    with transaction.atomic():
        made, _new = PushSubscription.objects.update_or_create(
            hashed=hashed, defaults=fields, create_defaults=fields | {"created_at": now}
        )
        # What waits for whoever had it before is not for this person.
        made.messages.exclude(notification__person=person).delete()
        kept = browsers_of(person).order_by("-pk").values_list("pk", flat=True)[:MOST_BROWSERS]
        browsers_of(person).exclude(pk__in=[made.pk, *kept]).delete()
    return made


def unsubscribe(*, person: User, pk: int) -> None:
    """Raises NotFound."""
    if not browsers_of(person).filter(pk=pk).delete()[0]:
        raise NotFound


def _checked_point(text: str) -> str:
    """A point of the curve P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text, POINT))
    except ValueError:
        raise Invalid(_("This is not the key of a browser."), field="p256dh") from None
    return text


def _checked_secret(text: str) -> str:
    try:
        _bytes(text, SECRET)
    except ValueError:
        raise Invalid(_("This is not the key of a browser."), field="auth") from None
    return text


def _bytes(text: str, length: int) -> bytes:
    """Of base64url without padding. Raises ValueError."""
    if not text.isascii() or len(text) > 2 * length:
        raise ValueError(text[:20])
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(text[:20]) from error
    if len(raw) != length:
        raise ValueError(text[:20])
    return raw
