"""Which numbers are on the open internet; what only stands for a private one is not."""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 ranges that carry an IPv4 address inside (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def ip_address(text: str) -> IPAddress | None:
    """The address in its usual spelling, a zone left out; None for what is none."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_public(number: str) -> bool:
    ip = ip_address(number)
    if ip is None:
        return False
    return all(one.is_global and not one.is_multicast for one in (ip, *_inside(ip)))


def _inside(ip: IPAddress) -> list[IPAddress]:
    """IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return []
    found: list[IPAddress | None] = [ip.ipv4_mapped, ip.sixtofour]
    found += list(ip.teredo or ())
    if ip in NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
