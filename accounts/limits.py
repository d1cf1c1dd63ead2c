"""How often one person or address may do something: a sliding window over two counters.

The counters live in Django's cache, which all processes share. A window is the present slice of
time and that part of the one before which is still within reach, so that nobody gets a double
ration at the turn of a slice. What is refused is not counted: waiting as told is always enough.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Self

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .errors import DomainError

SECONDS = {"s": 1, "m": 60, "h": 3600}
# Whoever holds one IPv6 address holds the 2^64 of its network.
IPV6_NETWORK = 64


class TooOften(DomainError):
    """Asked again too soon; `retry_in` seconds from now it may be asked again."""

    status, code = 429, "too_often"
    message = _("Too many tries. Wait a little and try again.")

    def __init__(self, retry_in: int) -> None:
        super().__init__()
        self.retry_in = retry_in


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times within a window."""

    times: int
    window: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "300/5m". Raises ImproperlyConfigured."""
        found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)([smh])", text)
        if not found:
            raise ImproperlyConfigured(f"A rate reads like 300/5m, not {text!r}.")
        times, length, unit = found.groups()
        return cls(int(times), timedelta(seconds=int(length) * SECONDS[unit]))


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether this time was still within the rate, and what is left; times in whole seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_in: int
    retry_in: int = 0


def take(*, scope: str, who: str, rate: Rate, now: float | None = None) -> Allowance:
    """Count one time more, unless the rate is used up. `now`: seconds since the epoch."""
    now = time.time() if now is None else now
    window = int(rate.window.total_seconds())
    slice_number, elapsed = divmod(now, window)
    keys = [_key(scope, who, slice_number - back) for back in (0, 1)]
    counts = cache.get_many(keys)
    present, former = (counts.get(key, 0) for key in keys)
    still_felt = former * (1 - elapsed / window)
    if present + still_felt + 1 > rate.times:
        wait = _wait(rate.times, window, elapsed, present, former)
        return Allowance(False, rate.times, 0, wait, wait)
    present = _count(keys[0], timeout=2 * window)
    # Others may have counted between the look and the count: the counter itself decides.
    allowed = present + still_felt <= rate.times
    left = max(0, math.floor(rate.times - present - still_felt))
    reset = math.ceil(window - elapsed)
    return Allowance(allowed, rate.times, left, reset, 0 if allowed else reset)


def _count(key: str, *, timeout: int) -> int:
    """Add one to a shared counter that may not be there yet."""
    try:
        return cache.incr(key)
    except ValueError:
        cache.add(key, 0, timeout)
    try:
        return cache.incr(key)
    except ValueError:  # the cache threw it away at once: no count, no refusal
        return 1


def _wait(times: int, window: int, elapsed: float, present: int, former: int) -> int:
    """Seconds until one time more fits in."""
    if present < times:
        wait = window * (1 - (times - 1 - present) / former) - elapsed
    else:
        wait = (window - elapsed) + window * (1 - (times - 1) / present)
    return max(1, math.ceil(wait))


def _key(scope: str, who: str, slice_number: float) -> str:
    """Whoever it is, the key has the same length and no character a cache would refuse."""
    name = blake2b(who.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"rate:{scope}:{name}:{int(slice_number)}"


def address_of(request: HttpRequest) -> str:
    """The address that asks. X-Forwarded-For is believed as far as our own proxies wrote it."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        passed = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if len(passed) >= settings.TRUSTED_PROXIES:
            address = passed[-settings.TRUSTED_PROXIES].strip() or address
    return _network(address)


def _network(address: str) -> str:
    """One name for all addresses that one subscriber has; "unknown" for what is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
    return str(parsed)
