"""Which addresses may be called. What a person types must not reach the machines around us.

The check is on the numbers a name resolves to, and the connection is made to exactly the number
that was checked (posting.py): a name that changes between the two gains nothing.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.public_numbers import is_public

from .models import LONGEST_URL

# Below 1024 only the web's own ports: nobody's mail server or shell is talked to.
LOW_PORTS = {80, 443}


class Unreachable(Exception):
    """No number to call; the text is for the log of deliveries."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart; `target` is path and query."""

    secure: bool
    host: str
    port: int
    target: str


def parse(url: str) -> Address:
    """Raises Invalid with what is wrong, in the person's language."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid(_("This is not an address."), field="url") from None
    schemes = ("https", "http") if settings.WEBHOOKS_TO_LOCAL else ("https",)
    if parts.scheme not in schemes or not parts.hostname or len(url) > LONGEST_URL:
        raise Invalid(_("Give an address that begins with https://."), field="url")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid(_("Write the address with plain letters only (punycode)."), field="url")
    if parts.username is not None or parts.password is not None:
        raise Invalid(_("An address must not hold a name or password."), field="url")
    port = port or (443 if parts.scheme == "https" else 80)
    if port < 1024 and port not in LOW_PORTS:
        raise Invalid(_("This port is not called."), field="url")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme == "https", parts.hostname, port, target)


def numbers_of(address: Address) -> list[str]:
    """The numbers of a host, all of them public. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("The name has no address.") from error
    numbers = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not settings.WEBHOOKS_TO_LOCAL and not all(is_public(number) for number in numbers):
        raise Unreachable("The name leads into a private network.")
    return numbers
