"""Two sides of a ratio, taken in turns in one run: what is noise to one is noise to the other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from .house import Load, cpu_seconds, wrk

WARM_SECONDS = 2
# A server that has used less than this since the last look has nothing left to answer.
IDLE_CPU_SECONDS, LOOK_SECONDS = 0.02, 0.25


@dataclass(frozen=True)
class Address:
    """Something that wrk can ask, and the process whose time it costs."""

    url: str
    server: psutil.Process
    cookie: str = ""


@dataclass(frozen=True)
class Asked:
    """The rounds of one address."""

    loads: Sequence[Load]

    @property
    def rate(self) -> float:
        """Requests a second, the median."""
        return median(load.per_second for load in self.loads)

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor a request, the median."""
        return median(load.cpu_ms for load in self.loads)

    def against(self, other: Asked) -> float:
        """The rate as a share of the other's: the median of the rounds' own ratios."""
        pairs = zip(self.loads, other.loads, strict=True)
        return median(mine.per_second / its.per_second for mine, its in pairs)

    def beside(self, other: Asked) -> str:
        """Both in figures."""
        return (
            f"{self.rate:,.0f} against {other.rate:,.0f}/s;"
            f" {self.cpu_ms:.2f} against {other.cpu_ms:.2f} ms of CPU"
        )


def in_turns(addresses: Mapping[str, Address], *, rounds: int, seconds: int) -> dict[str, Asked]:
    """Ask each address after the other, so many times round. Raises where one answers an error."""
    loads: dict[str, list[Load]] = {name: [] for name in addresses}
    for address in addresses.values():
        _ask(address, WARM_SECONDS)
    for _ in range(rounds):
        for name, address in addresses.items():
            load = _ask(address, seconds)
            assert load.errors == 0, f"{load.errors} errors of {name}"
            loads[name].append(load)
    return {name: Asked(taken) for name, taken in loads.items()}


def _ask(address: Address, seconds: int) -> Load:
    load = wrk(address.url, address.server, cookie=address.cookie, seconds=seconds)
    # What wrk went away from is still being answered, and would be on the next one's bill.
    before, now = -IDLE_CPU_SECONDS, cpu_seconds(address.server)
    while now - before >= IDLE_CPU_SECONDS:
        time.sleep(LOOK_SECONDS)
        before, now = now, cpu_seconds(address.server)
    return load
