"""Single values of a line: the right type, within bounds, or BadLine naming the field."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.errors import Invalid
from community.services.places import checked_coordinate

from .lines import BadLine

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
OFFSET = re.compile(r"-(\d{1,9})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
ID_LENGTH = 80
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ; a moment in the future beyond this is a mistake.
CLOCK_TOLERANCE = timedelta(hours=1)


def name_of(values: dict[str, Any], field: str, *, longest: int = ID_LENGTH) -> str:
    """A name by which lines refer to each other, or a file's."""
    name = values.get(field)
    if not isinstance(name, str) or not name.strip():
        raise BadLine(f"{field}: must be a text that is not empty")
    if len(name) > longest or CONTROL.search(name):
        raise BadLine(f"{field}: at most {longest} characters, no control characters")
    return name


def text(values: dict[str, Any], field: str, *, longest: int) -> str:
    """A text, empty when missing."""
    found = values.get(field)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadLine(f"{field}: must be a text")
    if CONTROL.search(found):
        raise BadLine(f"{field}: has control characters")
    if len(found) > longest:
        raise BadLine(f"{field}: longer than {longest} characters")
    return found


def texts(values: dict[str, Any], field: str, *, longest: int, most: int) -> list[str]:
    found = values.get(field)
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > most:
        raise BadLine(f"{field}: must be a list of at most {most} texts")
    return [text({field: item}, field, longest=longest) if item else _none(field) for item in found]


def _none(field: str) -> str:
    raise BadLine(f"{field}: has an empty entry")


def choice(values: dict[str, Any], field: str, allowed: Collection[str], *, default: str) -> str:
    found = values.get(field, default)
    if not isinstance(found, str) or found not in allowed:
        raise BadLine(f"{field}: must be one of {', '.join(sorted(allowed))}")
    return found


def number(
    values: dict[str, Any], field: str, *, least: float, most: float, default: float
) -> float:
    found = values.get(field, default)
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not least <= found <= most:
        raise BadLine(f"{field}: must be a number from {least:g} to {most:g}")
    return float(found)


def point(values: dict[str, Any], *, required: bool) -> tuple[float, float] | None:
    """Latitude and longitude from `lat` and `lon`: both or none."""
    latitude, longitude = values.get("lat"), values.get("lon")
    if latitude is None and longitude is None and not required:
        return None
    return _degrees(latitude, "lat", 90), _degrees(longitude, "lon", 180)


def _degrees(value: object, field: str, limit: int) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadLine(f"{field}: must be a number from -{limit} to {limit}")
    try:
        return checked_coordinate(value, limit=limit, field=field)
    except Invalid:
        raise BadLine(f"{field}: must be a number from -{limit} to {limit}") from None


def moment(values: dict[str, Any], field: str, *, now: datetime) -> datetime:
    """An ISO 8601 time (without a zone: UTC), or an offset into the past such as -90m or -3d."""
    found = values.get(field)
    if not isinstance(found, str):
        raise BadLine(f"{field}: must be a time such as 2026-01-02T03:04:05Z or -3h")
    if offset := OFFSET.fullmatch(found):
        at = now - timedelta(**{UNITS[offset[2]]: int(offset[1])})
    else:
        at = _iso(found, field)
    if not EARLIEST <= at <= now + CLOCK_TOLERANCE:
        raise BadLine(f"{field}: must not be before {EARLIEST.year} or in the future")
    return min(at, now)


def _iso(found: str, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(found)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine(f"{field}: {found[:40]!r} is not a time") from None
