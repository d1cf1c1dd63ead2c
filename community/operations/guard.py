"""Who may read figures of operation: a monitor with the token, or in an allowed network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.limits import asking_address


def is_monitor(request: HttpRequest) -> bool:
    """Without a token and without a network in the settings, nobody is."""
    given = request.headers.get("Authorization", "")
    return may_look(given, lambda: asking_address(request))


def may_look(authorization: str, address: Callable[[], str]) -> bool:
    """The same of who comes by another way; the address is asked for where the token is not."""
    given = authorization.removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(given.encode(), token.encode()):
        return True
    return bool(settings.METRICS_NETWORKS) and _is_near(address())


def _is_near(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS)
