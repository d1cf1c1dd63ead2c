"""What each kind of rule looks for: settings checked, a text judged. Pure; no row is read here.

What a rule must know of before (how much somebody wrote, who else said the same) it asks of a
`Past`, which tells of the time of the text and not of today: so a dry run judges as it would have
been judged then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from community.text.links import LINK
from community.text.sensitive import Word, WordMatcher

Span = tuple[str, int, int]
MOST_SPANS = 40

NOTE, COMMENT, PROFILE, MESSAGE = "note", "comment", "profile", "message"
PLACES = (NOTE, COMMENT, PROFILE, MESSAGE)
# Where each kind can look.
PLACES_OF = {
    "words": PLACES,
    "links": PLACES,
    "rate": (NOTE, COMMENT, MESSAGE),
    "newcomers": (NOTE, COMMENT),
    "burst": (NOTE, COMMENT),
    "pictures": (NOTE,),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, as it stands now or stood then."""

    place: str
    # Of the note or comment; 0 for what has no row of its own.
    pk: int = 0
    author_id: int
    joined_at: datetime
    at: datetime
    # ("title", ...), ("body", ...): the texts people read.
    fields: tuple[tuple[str, str], ...]
    # False where it was there before and is changed.
    is_new: bool = True

    @property
    def age(self) -> timedelta:
        """How old the account was."""
        return self.at - self.joined_at

    @property
    def text(self) -> str:
        """What was written in sentences; tags and descriptions apart."""
        return "\n".join(text for name, text in self.fields if name not in ("tags", "alt"))


@dataclass(frozen=True)
class Finding:
    """Where a rule was hit. Without spans the whole is meant."""

    spans: tuple[Span, ...] = ()
    # Others who said the same: (place, id) of theirs.
    others: tuple[tuple[str, int], ...] = ()


class Past(Protocol):
    def count(
        self, author_id: int, places: Sequence[str], *, since: datetime, until: datetime
    ) -> int:
        """What somebody published or sent in a period, its end included."""

    def same_said(
        self, written: Written, *, within: timedelta
    ) -> tuple[set[int], list[tuple[str, int]]]:
        """Other accounts that said the same around that time, and where."""

    def pictures(self, note_id: int) -> list[str]:
        """Perceptual hashes of the note's pictures that can be recognised."""


class Condition(Protocol):
    def look(self, written: Written, past: Past) -> Finding | None: ...


@dataclass(frozen=True)
class Words:
    matcher: WordMatcher

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Words:
        listed = [
            Word(text, pinyin=sound, inside=inside) for text, sound, inside in settings["words"]
        ]
        spared = [Word(text, is_exception=True) for text in settings.get("exceptions", ())]
        return cls(WordMatcher([*listed, *spared]))

    def look(self, written: Written, past: Past) -> Finding | None:
        spans = [
            (name, hit.start, hit.end)
            for name, text in written.fields
            for hit in self.matcher.hits(text)
        ]
        return Finding(tuple(dict.fromkeys(spans))[:MOST_SPANS]) if spans else None


# Full width and the Chinese full stop, one character for one, so that places stay.
ADDRESS_SIGNS = str.maketrans(
    {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {"。": ".", "．": ".", "｡": "."}
)
HOST = re.compile(r"(?<![a-z0-9.@-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,24}")
BEGINS_AN_ADDRESS = re.compile(rf"{LINK}|(?<![a-z0-9.])www\.[a-z0-9-]+\.[a-z]", re.IGNORECASE)
SHORTENERS = frozenset(
    [
        "bit.ly",
        "t.co",
        "tinyurl.com",
        "goo.gl",
        "is.gd",
        "ow.ly",
        "buff.ly",
        "rebrand.ly",
        "cutt.ly",
        "shorturl.at",
        "rb.gy",
        "s.id",
        "t.cn",
        "url.cn",
        "dwz.cn",
        "suo.im",
        "suo.nz",
        "sourl.cn",
        "dwz.mk",
        "m.tb.cn",
        "u.nu",
        "v.gd",
        "tiny.cc",
        "lnkd.in",
        "t.ly",
    ]
)


@dataclass(frozen=True)
class Links:
    domains: Collection[str]
    most: int | None

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Links:
        domains = frozenset(settings.get("domains", ()))
        if settings.get("shorteners"):
            domains |= SHORTENERS
        return cls(domains, settings.get("most"))

    def look(self, written: Written, past: Past) -> Finding | None:
        spans = [span for name, text in written.fields for span in self._listed(name, text)]
        links = list(links_in(written))
        if self.most is not None and len(links) > self.most:
            spans += links
        return Finding(tuple(dict.fromkeys(spans))[:MOST_SPANS]) if spans else None

    def _listed(self, name: str, text: str) -> Iterator[Span]:
        if not self.domains:
            return
        plain = text.translate(ADDRESS_SIGNS)
        plain = plain.lower() if len(plain.lower()) == len(plain) else plain
        for host in HOST.finditer(plain):
            labels = host.group().split(".")
            if any(".".join(labels[at:]) in self.domains for at in range(len(labels) - 1)):
                yield name, host.start(), host.end()


def links_in(written: Written) -> Iterator[Span]:
    for name, text in written.fields:
        for match in BEGINS_AN_ADDRESS.finditer(text.translate(ADDRESS_SIGNS)):
            yield name, match.start(), match.end()


@dataclass(frozen=True)
class Rate:
    most: int
    window: timedelta
    younger_than: timedelta | None
    places: Sequence[str]

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Rate:
        window = timedelta(minutes=settings["minutes"])
        return cls(settings["most"], window, _days(settings), places)

    def look(self, written: Written, past: Past) -> Finding | None:
        if not written.is_new or _is_older(written, self.younger_than):
            return None
        since = written.at - self.window
        count = past.count(written.author_id, self.places, since=since, until=written.at)
        return Finding() if count > self.most else None


@dataclass(frozen=True)
class Newcomers:
    first: int
    younger_than: timedelta | None
    only_links: bool
    places: Sequence[str]

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Newcomers:
        only_links = bool(settings.get("only_links"))
        return cls(settings["first"], _days(settings), only_links, places)

    def look(self, written: Written, past: Past) -> Finding | None:
        if _is_older(written, self.younger_than):
            return None
        spans = tuple(links_in(written))[:MOST_SPANS]
        if self.only_links and not spans:
            return None
        count = past.count(
            written.author_id, self.places, since=written.joined_at, until=written.at
        )
        return Finding(spans) if count <= self.first else None


@dataclass(frozen=True)
class Burst:
    accounts: int
    window: timedelta

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Burst:
        return cls(settings["accounts"], timedelta(minutes=settings["minutes"]))

    def look(self, written: Written, past: Past) -> Finding | None:
        accounts, others = past.same_said(written, within=self.window)
        if len(accounts - {written.author_id}) + 1 < self.accounts:
            return None
        return Finding(others=tuple(others))


@dataclass(frozen=True)
class Pictures:
    hashes: Sequence[int]
    bits: int

    @classmethod
    def of(cls, settings: Mapping[str, Any], places: Sequence[str]) -> Pictures:
        return cls([int(known, 16) for known in settings["hashes"]], settings["bits"])

    def look(self, written: Written, past: Past) -> Finding | None:
        shown = [int(phash, 16) for phash in past.pictures(written.pk)]
        is_known = any(
            (mine ^ known).bit_count() <= self.bits for mine in shown for known in self.hashes
        )
        return Finding() if is_known else None


KINDS: dict[str, Any] = {
    "words": Words,
    "links": Links,
    "rate": Rate,
    "newcomers": Newcomers,
    "burst": Burst,
    "pictures": Pictures,
}


def condition(kind: str, settings: Mapping[str, Any], places: Sequence[str]) -> Condition:
    """The condition of a version, ready to look. `settings` as conditions.py checked them."""
    made: Condition = KINDS[kind].of(settings, places)
    return made


def _days(settings: Mapping[str, Any]) -> timedelta | None:
    days = settings.get("younger_than")
    return timedelta(days=days) if days else None


def _is_older(written: Written, limit: timedelta | None) -> bool:
    return limit is not None and written.age > limit
