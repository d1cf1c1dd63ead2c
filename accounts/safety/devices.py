"""What a browser says of itself, in words a person knows, and the network it came from."""

from __future__ import annotations

import ipaddress
import re

NETWORKS = {4: 24, 6: 48}
# The first that fits names it: whoever poses as Chrome also says what it is.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("WeChat", r"MicroMessenger/"),
    ("QQ", r"QQBrowser/| QQ/"),
    ("UC", r"UCBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad|iPod"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def browser_of(agent: str) -> str:
    """ "Firefox", or nothing for what names no browser we know."""
    return _first(BROWSERS, agent)


def system_of(agent: str) -> str:
    """ "Android", or nothing."""
    return _first(SYSTEMS, agent)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, sign in names if re.search(sign, agent)), "")


def network_of(address: str) -> str:
    """The network an address lies in (/24, IPv6 /48); nothing for our own machine and for none."""
    try:
        parsed = ipaddress.ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback or parsed.is_unspecified:
        return ""
    return str(ipaddress.ip_network((parsed, NETWORKS[parsed.version]), strict=False))
