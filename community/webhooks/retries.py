"""When to try again, and when to stop. Pure."""

from __future__ import annotations

from datetime import timedelta

# Pauses after each failed try: about three days in all, as the Standard Webhooks guide advises.
PAUSES = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30),
    timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=14),
    timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
# An address to which nothing got through for so long is left alone.
GIVE_UP_AFTER = timedelta(days=5)


def is_success(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def is_gone(status: int | None) -> bool:
    """410: the receiver wants nothing more, ever."""
    return status == 410


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries (at least one); None to give up."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
