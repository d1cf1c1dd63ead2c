"""What a push message carries: kind, title and path, in the person's language, for their browser's
eyes only; and whether it is still to be sent at all."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator

from accounts.errors import Invalid
from accounts.zones import zone_of
from community.webhooks import addresses

from . import vapid, wording
from .digest_mail import as_they_read
from .grouping import JOINED, Group, groups_of
from .models import Notification, PushMessage, PushSubscription
from .preferences import preferences_of
from .quiet import quiet_until
from .topics import Way, kinds_by

# Seconds for which a service keeps it for a browser that is off.
KEPT_FOR = 24 * 3600
LONGEST_TITLE = 140


@dataclass(frozen=True, slots=True)
class Post:
    address: addresses.Address
    body: bytes
    headers: dict[str, str]


def post_for(row: PushMessage, *, now: datetime) -> Post | datetime | None:
    """What to send; or until when to wait; or None: never, nobody wants or may see it any more."""
    browser, person = row.subscription, row.subscription.person
    if not person.is_active or not _is_logged_in(browser):
        return None
    chosen = preferences_of(person)
    zone = zone_of(person.profile.time_zone)
    if row.notification.kind not in kinds_by(Way.PUSH, chosen.ways):
        return None
    group = _group(row)
    if group is None:
        return None
    if waits := quiet_until(now, zone, chosen.quiet_from, chosen.quiet_until):
        return waits
    try:
        address = addresses.parse(browser.endpoint)
    except Invalid:
        return None
    with as_they_read(person):
        said = {"kind": group.head.kind, "title": title(group), "path": path(group)}
    return Post(address, sealed(browser, said), _headers(row, address, now))


def title(group: Group) -> str:
    whole = " ".join(filter(None, [wording.sentence(group), wording.subject(group)]))
    return Truncator(whole).chars(LONGEST_TITLE)


def path(group: Group) -> str:
    """Opening it marks it read; the same for a group however it grows."""
    return reverse("open-notice", args=[group.first])


def sealed(browser: PushSubscription, said: dict[str, str]) -> bytes:
    """Encrypted for this browser alone (aes128gcm, RFC 8188 and 8291)."""
    # Here, since it brings an HTTP client of its own: only who sends messages pays for it.
    from pywebpush import WebPusher

    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    pusher = WebPusher({"endpoint": browser.endpoint, "keys": keys})
    text = json.dumps(said, ensure_ascii=False).encode()
    return bytes(pusher.encode(text, content_encoding="aes128gcm")["body"])


def _group(row: PushMessage) -> Group | None:
    """What is unread of it and may be seen now."""
    notice = row.notification
    mine = Notification.objects.visible_to(row.subscription.person).filter(
        person=row.subscription.person, read_at=None
    )
    mine = mine.filter(group=notice.group) if notice.group else mine.filter(pk=notice.pk)
    found = groups_of(mine.heads().select_related(*JOINED)[:1], mine)
    return found[0] if found else None


def _headers(row: PushMessage, address: addresses.Address, now: datetime) -> dict[str, str]:
    # A later message of the same group takes the place of one that was not delivered yet.
    digest = hashlib.sha256(f"{row.subscription_id}:{row.about}".encode()).digest()
    return {
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(KEPT_FOR),
        "topic": base64.urlsafe_b64encode(digest)[:32].decode(),
        "urgency": "normal",
    } | {name.lower(): value for name, value in
         vapid.headers_for(address, at=int(now.timestamp())).items()}  # fmt: skip


def _is_logged_in(browser: PushSubscription) -> bool:
    """Whether the log-in that it was made in still holds."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return not browser.session or bool(store().exists(browser.session))
