"""The known words, other names and bans as a process remembers them; looked at again after changes.

Built once a process from the tables and used until a table is another: at most LOOK_AGAIN behind.
Writes ask the tables themselves (services/tagging.py); this is for what is offered while one types.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from community.text.dictionary import Dictionary, Entry
from community.text.hashtags import tag_key

from .models import TagAlias, TagBan, Term

LOOK_AGAIN = 5.0  # seconds

Version = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What may be suggested, and what never is."""

    dictionary: Dictionary
    # Key of another name → (key, name) of the tag it stands for.
    own_names: Mapping[str, tuple[str, str]]
    banned: frozenset[str]

    def own(self, name: str) -> tuple[str, str]:
        """(key, name) of the tag that this name means."""
        key = tag_key(name)
        return self.own_names.get(key, (key, name))


@dataclass(slots=True)
class _Held:
    version: Version
    words: KnownWords
    until: float


_held: _Held | None = None
_building = threading.Lock()


def known_words() -> KnownWords:
    """As of at most LOOK_AGAIN ago. Three narrow queries then, three more after a change."""
    global _held
    held = _held
    if held is not None and time.monotonic() < held.until:
        return held.words
    # Whoever has something to go on with does not wait for another thread that builds.
    if not _building.acquire(blocking=held is None):
        return held.words if held is not None else _built()
    try:
        version = _version()
        words = held.words if held is not None and held.version == version else _built()
        _held = _Held(version, words, time.monotonic() + LOOK_AGAIN)
        return words
    finally:
        _building.release()


def forget() -> None:
    """As a new process would be (after changes; between tests)."""
    global _held
    _held = None


def _version() -> Version:
    terms = Term.objects.aggregate(changed=Max("changed_at"), count=Count("pk"))
    aliases = TagAlias.objects.aggregate(newest=Max("pk"), count=Count("pk"))
    bans = TagBan.objects.aggregate(newest=Max("banned_at"), count=Count("pk"))
    return (*terms.values(), *aliases.values(), *bans.values())


def _built() -> KnownWords:
    aliases = TagAlias.objects.values_list("key", "tag__key", "tag__name")
    return KnownWords(
        Dictionary(_entries()),
        {key: (own, name) for key, own, name in aliases},
        frozenset(TagBan.objects.values_list("tag__key", flat=True)),
    )


def _entries() -> Iterator[tuple[str, Entry]]:
    """Every name of every term in use; a name suggests the term's tag, or itself."""
    for term in Term.objects.filter(is_active=True).order_by("pk"):
        for name in term.names():
            yield name, Entry(term.kind, term.tag or name, term.pk)
