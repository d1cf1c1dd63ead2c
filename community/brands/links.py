"""Which addresses a page may send its readers to.

What a brand types is opened by other people's browsers, on their networks: it must be a plain web
address with a public name. Numbers are refused in every spelling a browser understands, because
`http://2130706433/` and `http://0x7f.1/` are this very machine. Nothing is resolved: the name is
the browser's business, and may change a second later.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from accounts.names import HAS_CYRILLIC_OR_GREEK, HAS_LATIN
from community.public_numbers import ip_address, is_public

LONGEST_LINK = 500
PORTS = frozenset({80, 443, 8080, 8443})
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# One part of a number as browsers read it: decimal, octal, hexadecimal.
NUMBER_PART = re.compile(r"0x[0-9a-f]*|[0-9]+")
# Names that lead nowhere or into the reader's own network (RFC 2606, 6761, 6762, 8375 and habit).
PRIVATE_ENDINGS = (
    "localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa",
    "test", "example", "invalid", "onion", "arpa",
)  # fmt: skip
# What may stand in a path, query or fragment as it is; everything else is written as %XX.
PLAIN = "/:?#[]@!$&'()*+,;=%-._~"


class LinkRefused(ValueError):
    """Why an address is not taken; `code` is a key of wording.LINK_REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class HostRules:
    """Hosts an operator allows (all when empty) and denies; each with everything below it."""

    allowed: Collection[str] = ()
    denied: Collection[str] = ()


def safe_link(typed: str, rules: HostRules | None = None) -> str:
    """The address as it is kept and sent to browsers, in ASCII. Raises LinkRefused."""
    if len(typed) > LONGEST_LINK:
        raise LinkRefused("too_long")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in typed):
        raise LinkRefused("characters")
    typed = typed.strip()
    if "\\" in typed or any(letter.isspace() for letter in typed):
        raise LinkRefused("characters")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise LinkRefused("not_an_address") from None
    if parts.scheme not in ("http", "https"):
        raise LinkRefused("scheme")
    if "@" in parts.netloc:
        raise LinkRefused("userinfo")
    host = _public_name(parts.hostname or "")
    if port is not None and port not in PORTS:
        raise LinkRefused("port")
    _check_rules(host, rules or HostRules())
    is_usual = port is None or port == (443 if parts.scheme == "https" else 80)
    netloc = host if is_usual else f"{host}:{port}"
    rest = (quote(part, safe=PLAIN) for part in (parts.path or "/", parts.query, parts.fragment))
    link = urlunsplit((parts.scheme, netloc, *rest))
    if len(link) > LONGEST_LINK:
        raise LinkRefused("too_long")
    return link


def host_of(link: str) -> str:
    """The host of a link that was taken, as people read it: without www."""
    return (urlsplit(link).hostname or "").removeprefix("www.")


def _public_name(typed: str) -> str:
    """The host in ASCII. Raises LinkRefused for numbers, private names and what only looks like
    a name."""
    if not typed or "%" in typed:
        raise LinkRefused("not_an_address")
    host = unicodedata.normalize("NFKC", typed).casefold().replace("。", ".").removesuffix(".")
    _refuse_numbers(host)
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise LinkRefused("not_an_address") from None
    _refuse_numbers(ascii_host)
    labels = ascii_host.split(".")
    if any(ascii_host == end or ascii_host.endswith(f".{end}") for end in PRIVATE_ENDINGS):
        raise LinkRefused("private")
    if len(labels) < 2:
        raise LinkRefused("private")
    if len(ascii_host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise LinkRefused("not_an_address")
    for label in labels:
        _refuse_disguise(label)
    return ascii_host


def _refuse_numbers(host: str) -> None:
    """Raises LinkRefused for an address given as a number, in whatever spelling."""
    bare = host.strip("[]")
    number = ip_address(bare)
    if number is not None:
        raise LinkRefused("number" if is_public(bare) else "private")
    # Browsers take a host for a number when its last part is one.
    if ":" in host or NUMBER_PART.fullmatch(host.rpartition(".")[2]):
        raise LinkRefused("number")


def _refuse_disguise(label: str) -> None:
    """Raises LinkRefused for a label that mixes alphabets, as look-alikes of known names do."""
    if not label.startswith("xn--"):
        return
    try:
        shown = label.encode("ascii").decode("idna")
    except UnicodeError:
        raise LinkRefused("not_an_address") from None
    if HAS_LATIN.search(shown) and HAS_CYRILLIC_OR_GREEK.search(shown):
        raise LinkRefused("disguise")


def _check_rules(host: str, rules: HostRules) -> None:
    if _is_under(host, rules.denied) or (rules.allowed and not _is_under(host, rules.allowed)):
        raise LinkRefused("host")


def _is_under(host: str, names: Collection[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
