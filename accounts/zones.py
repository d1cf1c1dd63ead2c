"""The clock by which a person lives."""

from __future__ import annotations

import zoneinfo
from datetime import tzinfo

from django.utils import timezone


def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """None for a name that means nothing (any more)."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


def zone_of(name: str) -> tzinfo:
    """The zone that a person chose, else the community's own."""
    return (zone_named(name) if name else None) or timezone.get_default_timezone()
