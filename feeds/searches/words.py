"""The words that suggestions and corrections are made of: gathered from what is public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from community.models import Channel, Note, Place, Tag
from community.text.segment import IGNORED_IN_QUERIES, query_words
from community.text.variants import simplified
from feeds.models import LiveNote
from feeds.policies import current

from .log import search_key
from .models import LONGEST, KnownWord, SearchLog
from .pinyin import initials, syllables

# Notes whose words are read, newest first, and how much of each.
NOTES_READ, OF_BODY = 20_000, 400
# A word of one note alone may be a slip.
LEAST_NOTES = 2
MOST_OF_A_KIND = 20_000
QUERIES_OF = timedelta(days=30)

# How a word is spelt, as it is looked up.
SPELT = ("pinyin", "typed", "firsts", "letters")

Kind = KnownWord.Kind
Entry = tuple[str, int, str, int]  # kind, target, text, weight


def word_key(text: str) -> str:
    """As a search's key, in simplified characters."""
    return simplified(search_key(text))


def build(*, now: datetime) -> int:
    """Bring the table to what is public now; how many words. Repeating changes nothing."""
    rows: dict[tuple[str, int, str], KnownWord] = {}
    for kind, target, text, weight in _entries(now):
        key = word_key(text)
        if key and len(key) <= LONGEST:
            rows[kind, target, key] = _word(kind, target, text, key, weight)
    with transaction.atomic():
        known = dict(_known())
        KnownWord.objects.bulk_create(
            [row for name, row in rows.items() if known.get(name, (0,))[1:] != _said(row)],
            update_conflicts=True,
            unique_fields=["kind", "target", "key"],
            update_fields=["text", "weight", *SPELT],
            batch_size=500,
        )
        gone = [pk for name, (pk, *_said_of) in known.items() if name not in rows]
        for start in range(0, len(gone), 500):
            KnownWord.objects.filter(pk__in=gone[start : start + 500], banned=False).delete()
    return len(rows)


def forget_tags(*, tag_ids: Sequence[int]) -> None:
    """Tags that are about to go are no words any more; what was banned stays banned."""
    KnownWord.objects.filter(kind=Kind.TAG, target__in=tag_ids, banned=False).delete()


def _word(kind: str, target: int, text: str, key: str, weight: int) -> KnownWord:
    pinyin = syllables(key)[:400]
    return KnownWord(
        kind=kind,
        target=target,
        text=text,
        key=key,
        weight=weight,
        pinyin=pinyin,
        typed=pinyin.replace(" ", ""),
        firsts=initials(pinyin)[:LONGEST] if " " in pinyin else "",
        letters=len(key) if key.isascii() and " " not in key else 0,
    )


def _known() -> Iterator[tuple[tuple[str, int, str], tuple[Any, ...]]]:
    """By kind, target and key: the row, and what it says."""
    rows = KnownWord.objects.values_list("kind", "target", "key", "pk", "text", "weight", *SPELT)
    for kind, target, key, *said in rows.iterator(chunk_size=2_000):
        yield (kind, target, key), tuple(said)


def _said(row: KnownWord) -> tuple[Any, ...]:
    return row.text, row.weight, *(getattr(row, name) for name in SPELT)


def _entries(now: datetime) -> Iterator[Entry]:
    live = LiveNote.objects.values("note_id")
    tags = Tag.objects.annotate(
        uses=Count("tagged", filter=Q(tagged__content_object__in=live))
    ).filter(uses__gte=1)
    for pk, name, uses in tags.order_by("-uses").values_list("pk", "name", "uses")[:MOST_OF_A_KIND]:
        yield Kind.TAG, pk, name, uses
    places = Place.objects.annotate(uses=Count("notes", filter=Q(notes__in=live)))
    rows = places.filter(uses__gte=1).order_by("-uses").values_list("pk", "name", "uses")
    for pk, name, uses in rows[:MOST_OF_A_KIND]:
        yield Kind.PLACE, pk, name, uses
    for channel in Channel.objects.open():
        for name in {channel.name_en, channel.name_zh}:
            yield Kind.CHANNEL, channel.pk, name, 1
    yield from ((Kind.WORD, 0, word, notes) for word, notes in _words_of_notes())
    yield from _queries(now)


def _words_of_notes() -> Iterable[tuple[str, int]]:
    """Words of public notes and how many notes hold each."""
    newest = LiveNote.objects.order_by("-published_at").values("note_id")[:NOTES_READ]
    counts: Counter[str] = Counter()
    for title, body in (
        Note.objects.filter(pk__in=newest.values_list("note_id", flat=True))
        .values_list("title", "body")
        .iterator(chunk_size=1_000)
    ):
        counts.update(set(query_words(f"{title} . {body[:OF_BODY]}")))
    frequent = (
        (word, notes)
        for word, notes in counts.most_common(MOST_OF_A_KIND)
        if notes >= LEAST_NOTES and len(word) > 1 and word not in IGNORED_IN_QUERIES
    )
    return ((word, notes) for word, notes in frequent if not word.isdigit())


def _queries(now: datetime) -> Iterator[Entry]:
    """What enough different people looked for, and most of them found."""
    enough = current()[1].search.popular_people
    rows = (
        SearchLog.objects.filter(at__gt=now - QUERIES_OF)
        .values("key")
        .annotate(
            text=Max("text"),
            people=Count("person", distinct=True),
            found=Count("person", distinct=True, filter=Q(results__gt=0)),
        )
        .filter(people__gte=enough, found__gte=enough)
        .order_by("-people")
    )
    for row in rows[:MOST_OF_A_KIND]:
        yield Kind.QUERY, 0, row["text"], row["people"]
