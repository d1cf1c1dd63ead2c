"""Where a program may have people sent back to: exact addresses, named beforehand.

https with a host; http only to the own machine by number, where any port will do (RFC 8252, 7.3);
or a scheme of the program's own that is a domain turned round (RFC 8252, 7.1).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

ADDRESSES_AT_MOST = 10
LONGEST = 300
LOOPBACK = ("127.0.0.1", "::1")
# What addresses are made of: no blanks, quotes, angle brackets, backslashes, nothing but ASCII.
LETTERS = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+")
OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+")


def is_redirect(address: str) -> bool:
    """Whether a program may name this address."""
    if len(address) > LONGEST or not LETTERS.fullmatch(address) or "#" in address:
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or port == 0:
        return False
    # `urlsplit` lowers schemes and drops what browsers read otherwise: compare with what was typed.
    if not address.startswith(f"{parts.scheme}:") or "/.." in parts.path:
        return False
    return _is_web(parts) or (bool(OWN_SCHEME.fullmatch(parts.scheme)) and bool(parts.path))


def allows(named: list[str], asked: str) -> bool:
    """Whether the address is one of those, letter by letter; on the own machine at any port."""
    if not is_redirect(asked):
        return False
    return any(_without_port(one) == _without_port(asked) for one in named)


def origin_of(address: str) -> str:
    """What the content policy calls the place behind an address: "https://host:1" or "scheme:"."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if _is_web(parts) else f"{parts.scheme}:"


def shown(address: str) -> str:
    """The part of an address by which a person knows where it leads."""
    parts = urlsplit(address)
    return parts.netloc if _is_web(parts) else f"{parts.scheme}:"


def _is_web(parts: SplitResult) -> bool:
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def _without_port(address: str) -> str:
    """An address of the own machine without its port; any other as it is."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        return address
    return parts._replace(netloc=parts.hostname or "").geturl()
