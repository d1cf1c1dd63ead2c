"""The known words that matter to what somebody types: few, and found by indexes.

Each function reads what it needs, so nothing is held in a process, nothing has to be loaded
before the first answer, and a ban holds at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from community.lexicon.models import TagBan
from community.search.prefixes import begins

from .correcting import pieces_of, slip_of
from .lookup import Entry, Vocabulary, is_allowed, of_entries
from .models import KnownWord
from .pinyin import syllables, unparted
from .words import word_key

FIELDS = ("kind", "target", "text", "key", "pinyin", "weight")
# More entries than this begin the same: the rest waits for another letter.
MOST_BEGINNING = 100
# Words of nearly the same length that are compared with one that may be a slip.
MOST_ALIKE = 1_500
# Stretches and words of a query that are looked up; people type fewer.
MOST_STRETCHES, MOST_WORDS = 200, 6


def beginning(key: str, *, kinds: Collection[str]) -> list[Entry]:
    """Words of these kinds that begin with the key or are typed as it in pinyin; the heaviest
    first."""
    wanted = begins("key", key)
    if key.isascii() and len(key) > 1 and (plain := unparted(key)):
        wanted |= begins("typed", plain) | begins("firsts", plain)
    # Not `kind__in`: SQLite would sooner read all words of these kinds than look by spelling.
    others = [kind for kind in KnownWord.Kind if kind not in kinds]
    rows = KnownWord.objects.filter(wanted).exclude(kind__in=others)
    return _allowed(rows, most=MOST_BEGINNING)


def heaviest(kind: str, *, most: int) -> list[Entry]:
    """What has most weight of a kind."""
    return _allowed(KnownWord.objects.filter(kind=kind), most=most)


def vocabulary_about(key: str) -> Vocabulary:
    """All known words that a folded, simplified query may have meant: those it holds, those of
    the same sound, and words of about the same length as the Latin ones it does not hold."""
    words, stretches = pieces_of(key)
    words = words[:MOST_WORDS]
    keys = list(dict.fromkeys([key, *words, *stretches]))[:MOST_STRETCHES]
    sounds = {sound for part in keys if (sound := syllables(part))}
    wanted = Q(key__in=keys) | Q(pinyin__in=sounds)
    if key.isascii() and (plain := unparted(key)):
        wanted |= Q(typed=plain)
    rows = list(_rows(KnownWord.objects.filter(wanted)))
    known = {row.key for row in rows}
    for word in words:
        if word not in known and (allowed := slip_of(word)):
            lengths = range(len(word) - allowed, len(word) + allowed + 1)
            rows += _rows(KnownWord.objects.filter(letters__in=lengths), most=MOST_ALIKE)
    rows.sort(key=lambda row: -row.weight)
    return of_entries(dict.fromkeys(rows), banned())


def banned() -> frozenset[str]:
    """Keys of words that are never suggested, nor what contains them."""
    keys = set(KnownWord.objects.filter(banned=True).values_list("key", flat=True))
    keys |= {word_key(name) for name in TagBan.objects.values_list("tag__name", flat=True)}
    return frozenset(keys - {""})


def _allowed(rows: QuerySet[KnownWord], *, most: int) -> list[Entry]:
    entries = list(_rows(rows, most=most))
    never = banned() if entries else frozenset()
    return [entry for entry in entries if is_allowed(entry.key, never)]


def _rows(rows: QuerySet[KnownWord], *, most: int | None = None) -> Iterable[Entry]:
    heavy = rows.order_by("-weight", "key")
    return (Entry(*row) for row in heavy.values_list(*FIELDS)[:most])
