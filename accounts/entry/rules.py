"""Rules of joining without storage: which addresses may join, and what is in a network."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable


def domains_in(text: str) -> tuple[str, ...]:
    """One domain a line (or between blanks and commas), folded; `@` before it does not matter."""
    words = text.replace(",", " ").split()
    return tuple(dict.fromkeys(word.strip("@.").casefold() for word in words if word.strip("@.")))


def may_join(email: str, *, allowed: Iterable[str], blocked: Iterable[str]) -> bool:
    """Whether the address is of an allowed domain (all, when none is named) and of no blocked one.
    A domain stands for all below it."""
    domain = email.rpartition("@")[2].strip(".").casefold()
    allowed = tuple(allowed)
    return not _is_of(domain, blocked) and (not allowed or _is_of(domain, allowed))


def _is_of(domain: str, listed: Iterable[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in listed)


def covers(network: str, address: str) -> bool:
    """Whether an address (or the /64 that stands for one) lies in a network; odd ones do not."""
    try:
        outer = ipaddress.ip_network(network, strict=False)
        inner = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return False
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def zero_bits(text: str) -> int:
    """How many bits of the SHA-256 of a text are zero before the first that is not."""
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return 256 - digest.bit_length()
