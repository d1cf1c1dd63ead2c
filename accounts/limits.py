"""How often one person or address may do something: a window that slides in six steps.

The counters live in Django's cache, which all processes share: one for each slice of time. A slice
counts until it lies outside the window altogether, so that no window ever holds more than the rate,
whenever one asks. What is refused is not counted: waiting as told is always enough.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .rates import Rate

# More slices wait less beyond the window (at most one slice) and read more counters.
SLICES = 6
# Whoever holds one IPv6 address holds the 2^64 of its network.
IPV6_NETWORK = 64


class TooOften(DomainError):
    """Asked again too soon; `retry_in` seconds from now it may be asked again."""

    status, code = 429, "too_often"
    message = _("Too many tries. Wait a little and try again.")

    def __init__(self, retry_in: int) -> None:
        super().__init__()
        self.retry_in = retry_in


class TooManyWritten(TooOften):
    """So much was written in a while; told with the minute from which more may be."""

    code = "too_much_written"

    def __init__(self, *, opens_at: datetime, now: datetime) -> None:
        super().__init__(max(1, math.ceil((opens_at - now).total_seconds())))
        self.opens_at = opens_at

    def __str__(self) -> str:
        return gettext(
            "That is all for now: an account may write so much in a while, and more when it is"
            " older. It opens again %(when)s."
        ) % {"when": date_format(localtime(self.opens_at), "SHORT_DATETIME_FORMAT")}


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether this time was still within the rate, and what is left; times in whole seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_in: int
    retry_in: int = 0


def count_upload(person_id: int) -> None:
    """One more upload by this person, from a page or a program. Raises TooOften."""
    rate = Rate.parse(settings.UPLOAD_RATE)
    allowance = take(scope="upload", who=f"person {person_id}", rate=rate)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)


def take(*, scope: str, who: str, rate: Rate, now: float | None = None) -> Allowance:
    """Count one time more, unless the rate is used up. `now`: seconds since the epoch."""
    now = time.time() if now is None else now
    length = rate.window.total_seconds() / SLICES
    present = math.floor(now / length)
    keys = [_key(scope, who, present - back) for back in range(SLICES + 1)]
    known = cache.get_many(keys)
    counts = [known.get(key, 0) for key in keys]
    if sum(counts) >= rate.times:
        wait = _wait(counts, rate.times, length, now - present * length)
        return Allowance(False, rate.times, 0, wait, wait)
    # Others may have counted between the look and the count: the counter itself decides.
    counts[0] = _count(keys[0], timeout=math.ceil(rate.window.total_seconds() + 2 * length))
    left = rate.times - sum(counts)
    reset = _wait(counts, 1, length, now - present * length)
    return Allowance(left >= 0, rate.times, max(0, left), reset, 0 if left >= 0 else reset)


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


def _wait(counts: list[int], times: int, length: float, elapsed: float) -> int:
    """Seconds until fewer than `times` are counted: the oldest slices fall out one by one."""
    total = sum(counts)
    for back in range(SLICES, -1, -1):
        total -= counts[back]
        if total < times:
            return max(1, math.ceil((SLICES - back + 1) * length - elapsed))
    return math.ceil((SLICES + 1) * length - elapsed)


def _key(scope: str, who: str, slice_number: int) -> str:
    """Whoever it is, the key has the same length and no character a cache would refuse."""
    name = blake2b(who.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"rate:{scope}:{name}:{slice_number}"


def address_of(request: HttpRequest) -> str:
    """One name for who asks: the address, or the network that one subscriber has."""
    return _network(asking_address(request))


def asking_address(request: HttpRequest) -> str:
    """The address that asks. X-Forwarded-For is believed as far as our own proxies wrote it."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        passed = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if len(passed) >= settings.TRUSTED_PROXIES:
            address = passed[-settings.TRUSTED_PROXIES].strip() or address
    return address


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
