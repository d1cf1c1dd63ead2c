"""What the environment says, or a sentence that names the variable which says nothing of use.

A setting that is misspelled must not become another one: `ROCKPOOL_ENV=Production` is no
development, and `ROCKPOOL_HTTPS=ture` does not switch HTTPS off.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

from accounts.rates import Rate, rate_at_age

TRUE, FALSE = ("true", "on", "ok", "y", "yes", "1"), ("false", "off", "n", "no", "0", "")
# Of numbers that count something; nothing here is a million millions of it.
GREATEST = 10**12
# As django-allauth writes them: so many in a time, by whom.
SIGN_UP_RATE = re.compile(r"\d+/\d*[smhd]/(ip|key|user)")


class Environment(environ.Env):
    """Raises ImproperlyConfigured for what is set and makes no sense."""

    def bool(self, var: str, default: Any) -> bool:
        said = os.environ.get(var)
        if said is None:
            return bool(default)
        if said.strip().lower() not in TRUE + FALSE:
            raise ImproperlyConfigured(f"{var} is on or off, not {said!r}.")
        return said.strip().lower() in TRUE

    def int(self, var: str, default: Any, *, least: int = 0) -> int:
        number = self._number(int, var, default)
        if not least <= number <= GREATEST:
            raise ImproperlyConfigured(f"{var} must be at least {least}, not {number}.")
        return int(number)

    def float(self, var: str, default: Any) -> float:
        number = self._number(float, var, default)
        if not 0 <= number <= GREATEST:  # asked so, because NaN is in no range
            raise ImproperlyConfigured(f"{var} must be at least 0, not {number}.")
        return float(number)

    def _number(self, kind: type, var: str, default: Any) -> Any:
        said = os.environ.get(var, "").strip()
        if not said:
            return default
        try:
            return kind(said)
        except ValueError:
            raise ImproperlyConfigured(f"{var} is a number, not {said!r}.") from None

    def one_of(self, var: str, allowed: Collection[str], *, default: str) -> str:
        said = os.environ.get(var, "").strip() or default
        if said not in allowed:
            raise ImproperlyConfigured(f"{var} is one of {', '.join(allowed)}, not {said!r}.")
        return said

    def time_zone(self, var: str, *, default: str) -> str:
        said = os.environ.get(var, "").strip() or default
        try:
            ZoneInfo(said)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ImproperlyConfigured(
                f"{var} is a time zone like Asia/Shanghai, not {said!r}."
            ) from None
        return said

    def rate(self, var: str, *, default: str) -> str:
        """As `Rate.parse` reads it."""
        return self._checked(var, default, Rate.parse)

    def rates_by_age(self, var: str, *, default: str) -> str:
        """As `rate_at_age` reads them, at every age."""

        def check(rates: str) -> None:
            for part in rates.split():
                Rate.parse(part.rpartition(":")[2])
            rate_at_age(rates, timedelta.max)

        return self._checked(var, default, check)

    def sign_up_rate(self, var: str, *, default: str) -> str:
        said = os.environ.get(var, "").strip() or default
        if not all(SIGN_UP_RATE.fullmatch(part) for part in said.split(",")):
            raise ImproperlyConfigured(f"{var} reads like 5/30m/ip, not {said!r}.")
        return said

    def networks(self, var: str) -> list[str]:
        said = [part.strip() for part in os.environ.get(var, "").split(",") if part.strip()]
        for part in said:
            try:
                ipaddress.ip_network(part)
            except ValueError as error:
                raise ImproperlyConfigured(f"{var}: {error}") from None
        return said

    def _checked(self, var: str, default: str, check: Any) -> str:
        said = os.environ.get(var, "").strip() or default
        try:
            check(said)
        except ImproperlyConfigured as error:
            raise ImproperlyConfigured(f"{var}: {error}") from None
        return said
