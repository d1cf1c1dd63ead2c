"""Shared networks and devices, known by keyed hashes only.

An address is cut to its network (/24, IPv6 /48) and a device is a random number in a signed cookie
of ours; of both only an HMAC is kept, keyed by this installation's secret and a random salt of the
week. The salt goes with its week: after that nobody, we included, can find out which network a mark
was. Marks are noted at log-in and on the first page of a day, never on others.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings

from feeds.policies import current

from .models import Mark, Salt

NETWORKS = {4: 24, 6: 48}


def note_marks(*, person_id: int, address: str, device: str, now: datetime) -> int:
    """Note where a person came from; returns how many marks are new. Safe to repeat."""
    week = _week(now)
    told = {Mark.Kind.NETWORK: network_of(address), Mark.Kind.DEVICE: device}
    told = {kind: value for kind, value in told.items() if value}
    if not told:
        return 0
    salt = _salt_of(week)
    rows = [
        Mark(person_id=person_id, kind=kind, week=week, mark=_hash(salt, kind, value))
        for kind, value in told.items()
    ]
    before = Mark.objects.filter(person=person_id, week=week).count()
    Mark.objects.bulk_create(rows, ignore_conflicts=True)
    return Mark.objects.filter(person=person_id, week=week).count() - before


def network_of(address: str) -> str:
    """The network that an address is in, or nothing: of our own machines nothing is learnt."""
    try:
        parsed = ipaddress.ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback or parsed.is_unspecified:
        return ""
    return str(ipaddress.ip_network((parsed, NETWORKS[parsed.version]), strict=False))


def forget(*, now: datetime) -> int:
    """Remove marks older than the policy keeps them, and the salts of weeks that are over."""
    Salt.objects.filter(week__lt=_week(now)).delete()
    oldest = now.date() - timedelta(days=current()[1].trust.keep_days)
    return Mark.objects.filter(week__lt=oldest).delete()[0]


def _week(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _salt_of(week: date) -> str:
    """The week's salt, made by whoever comes first."""
    row, _made = Salt.objects.get_or_create(week=week, defaults={"value": secrets.token_hex(32)})
    return row.value


def _hash(salt: str, kind: int, value: str) -> str:
    key = hmac.digest(settings.SECRET_KEY.encode(), f"rockpool.trust.{salt}".encode(), "sha256")
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
