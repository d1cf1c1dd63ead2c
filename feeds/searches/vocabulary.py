"""The known words as a process holds them, ready to be looked through while somebody types."""

from __future__ import annotations

from community.lexicon.models import TagBan
from feeds.remembered import Remembered

from .lookup import Entry, Vocabulary, of_entries
from .models import KnownWord
from .words import word_key

# What a process looks through; about 300 bytes each.
MOST_WORDS = 60_000
_known: Remembered[Vocabulary] = Remembered(most=1, seconds=300)


def vocabulary() -> Vocabulary:
    """What is known now, at most some minutes old; before the first gathering nothing is kept."""
    if (known := _known.get("all")) is not None:
        return known
    known = _read()
    return _known.put("all", known) if known.entries else known


def _read() -> Vocabulary:
    rows = KnownWord.objects.order_by("-weight", "pk").values_list(
        "kind", "target", "text", "key", "pinyin", "weight", "banned"
    )[:MOST_WORDS]
    banned = set(KnownWord.objects.filter(banned=True).values_list("key", flat=True))
    banned |= {word_key(name) for name in TagBan.objects.values_list("tag__name", flat=True)}
    return of_entries((Entry(*row[:6]) for row in rows if not row[6]), frozenset(banned - {""}))
