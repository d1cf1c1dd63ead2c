"""What a digest says, in text and in HTML, in the person's language; what they may see now, and
nothing else. No picture is fetched from anywhere: nobody learns when or where it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import User
from accounts.zones import zone_of

from .grouping import JOINED, Group, groups_of
from .models import DigestMail, Notification, Preferences
from .models.notification import NotificationQuerySet
from .topics import Way, kinds_by
from .unsubscribing import token_for

GROUPS_TOLD = 15
# What is older was told by an earlier one, or nobody reads about it any more.
OLDEST = timedelta(days=8)


def write(row: DigestMail, *, now: datetime) -> EmailMultiAlternatives | None:
    """The mail; None where there is nothing to tell, or nobody. What is new becomes this digest's
    before it is looked at, so that what appears meanwhile is the next one's."""
    chosen = Preferences.objects.filter(person=row.person_id).first()
    address = address_of(row.person)
    if not row.person.is_active or not address or chosen is None:
        return None
    if chosen.digest == Preferences.Digest.OFF:
        return None
    wanted = wanted_by(row.person, chosen, now=now)
    wanted.filter(digest=None, pk__gt=chosen.digested).update(digest=row.slot)
    mine = wanted.filter(digest=row.slot)
    heads = list(mine.heads().select_related(*JOINED).order_by("-created_at", "-pk"))
    if not heads:
        return None
    with as_they_read(row.person):
        groups = groups_of(heads[:GROUPS_TOLD], mine)
        return _message(row, address, groups, in_all=len(heads))


def wanted_by(person: User, chosen: Preferences, *, now: datetime) -> NotificationQuerySet:
    """Unread, of what they want by mail and may see now."""
    return Notification.objects.visible_to(person).filter(
        kind__in=kinds_by(Way.MAIL, chosen.ways), read_at=None, created_at__gte=now - OLDEST
    )


def give_back(row: DigestMail) -> None:
    """Let the next digest tell what this one was to tell."""
    Notification.objects.filter(person=row.person_id, digest=row.slot).update(digest=None)


def address_of(person: User) -> str:
    """Where mail reaches them for sure; empty until they confirmed that an address is theirs."""
    known = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return known.values_list("email", flat=True).first() or ""


@contextmanager
def as_they_read(person: User) -> Iterator[None]:
    """In their language and by their clock."""
    profile = person.profile
    with (
        translation.override(profile.language or settings.LANGUAGE_CODE),
        timezone.override(zone_of(profile.time_zone)),
    ):
        yield


def _message(
    row: DigestMail, address: str, groups: list[Group], *, in_all: int
) -> EmailMultiAlternatives:
    unsubscribe = full(reverse("unsubscribe", args=[token_for(row.person_id)]))
    context: dict[str, Any] = {
        "person": row.person,
        "groups": groups,
        "more": in_all - len(groups),
        "in_all": in_all,
        "site_name": settings.SITE_NAME,
        "site": settings.SITE_URL.rstrip("/"),
        "unsubscribe": unsubscribe,
        "language": translation.get_language(),
    }
    subject = ngettext(
        "%(count)d new thing at %(site)s", "%(count)d new things at %(site)s", in_all
    ) % {"count": in_all, "site": settings.SITE_NAME}
    message = EmailMultiAlternatives(
        subject,
        render_to_string("notifications/digest.txt", context),
        to=[address],
        headers={
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": f"<digest.{row.pk}.{row.slot:%Y%m%d}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notifications/digest.html", context), "text/html")
    return message


def full(path: str) -> str:
    """An address for a mail."""
    return settings.SITE_URL.rstrip("/") + path


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
