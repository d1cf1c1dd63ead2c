"""Quiet hours. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo


def quiet_until(
    now: datetime, zone: tzinfo, start: time | None, end: time | None
) -> datetime | None:
    """When the quiet hours that hold now are over; None when it is not quiet.

    They may go over midnight: from 22:00 until 07:00 is two pieces of two days.
    """
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(zone)
    at = local.time()
    over_midnight = start > end
    is_quiet = (at >= start or at < end) if over_midnight else start <= at < end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and at >= start else 0)
    return datetime.combine(day, end, tzinfo=zone)
