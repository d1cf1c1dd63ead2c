"""What is offered while one types, and what a search may have meant: gated for the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from community.brands.lookup import names_beginning
from community.models import Place, Tag
from community.search.query import aliases, ask, find_people, first_shown, matches
from community.text.segment import query_words
from community.views.known import places_known_to, tags_known_to

from .correcting import meant
from .log import history_of
from .lookup import Entry
from .models import KnownWord
from .vocabulary import MOST_WORDS, beginning, heaviest, vocabulary_about
from .words import word_key

LONGEST = 60
MOST_OWN, MOST_SEARCHES, MOST_TAGS, MOST_PLACES, MOST_PEOPLE = 4, 4, 4, 3, 3
MOST_NAMED = 3
HOT_SEARCHES = 10
# Matches looked at to see whether words lead anywhere.
LOOKED_AT = 50
Kind = KnownWord.Kind
OFFERED = (Kind.QUERY, Kind.TAG, Kind.PLACE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    # "history", "search", "tag", "place", "brand", "product" or "person".
    kind: str
    text: str
    url: str
    # The city of a place, the brand of a product, the name of a person's account.
    detail: str = ""


def suggestions(begun: str, *, viewer: User | None) -> list[Suggestion]:
    """What the viewer may mean: their own searches, popular ones, tags, places, brands and their
    products, people."""
    begun = " ".join(begun.replace("\0", " ").split())[:LONGEST]
    key = word_key(begun.lstrip("#＃@＠"))
    own = history_of(viewer, most=MOST_OWN if key else HOT_SEARCHES, begins=key)
    mine = [Suggestion("history", text, search_url(text)) for text in own]
    if not key:
        return mine + _searches(_popular(), own, viewer, most=HOT_SEARCHES - len(mine))
    entries = beginning(key, kinds=OFFERED)
    queries = [e for e in entries if e.kind == Kind.QUERY]
    found = mine + _searches(queries, own, viewer, most=MOST_SEARCHES)
    found += _tags([e for e in entries if e.kind == Kind.TAG], viewer)
    found += _places([e for e in entries if e.kind == Kind.PLACE], viewer)
    return found + _named(begun) + _people(begun, viewer)


def search_url(text: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': text})}"


def _popular() -> list[Entry]:
    """More than are shown: some lead this viewer nowhere."""
    return heaviest(Kind.QUERY, most=4 * HOT_SEARCHES)


def popular_searches() -> list[str]:
    """What most different people looked for of late and found."""
    return [entry.text for entry in _popular()[:HOT_SEARCHES]]


def _searches(
    entries: Sequence[Entry], own: Sequence[str], viewer: User | None, *, most: int
) -> list[Suggestion]:
    """Others' searches. What several followers look for may stand in a note for followers only,
    so the words are offered only to whom they lead to a note."""
    said = {word_key(text) for text in own}
    texts = [entry.text for entry in entries if entry.key not in said][: max(0, 2 * most)]
    led = leading(texts, viewer)
    shown = [text for text in texts if text in led][: max(0, most)]
    return [Suggestion("search", text, search_url(text)) for text in shown]


def _tags(entries: Sequence[Entry], viewer: User | None) -> list[Suggestion]:
    ids = [entry.target for entry in entries[: 2 * MOST_TAGS]]
    met: dict[int, Tag] = {tag.pk: tag for tag in tags_known_to(viewer).filter(pk__in=ids)}
    tags = [met[pk] for pk in ids if pk in met][:MOST_TAGS]
    return [Suggestion("tag", tag.name, tag.get_absolute_url()) for tag in tags]


def _places(entries: Sequence[Entry], viewer: User | None) -> list[Suggestion]:
    ids = [entry.target for entry in entries[: 2 * MOST_PLACES]]
    met: dict[int, Place] = {p.pk: p for p in places_known_to(viewer).filter(pk__in=ids)}
    places = [met[pk] for pk in ids if pk in met][:MOST_PLACES]
    return [Suggestion("place", p.name, p.get_absolute_url(), p.city) for p in places]


def _named(begun: str) -> list[Suggestion]:
    """Brands and products, which everybody may meet."""
    return [
        Suggestion("product", row.product.name, row.product.get_absolute_url(), row.brand.name)
        if row.product
        else Suggestion("brand", row.brand.name, row.brand.get_absolute_url())
        for row in names_beginning(begun, most=MOST_NAMED)
    ]


def _people(begun: str, viewer: User | None) -> list[Suggestion]:
    people = find_people(begun, viewer=viewer)[:MOST_PEOPLE]
    return [Suggestion("person", p.profile.name, p.get_absolute_url(), p.username) for p in people]


# ---------------------------------------------------------------- corrections
def tags_about(query: str, *, viewer: User | None) -> list[Tag]:
    """Tags that begin like one of the words, for who found nothing; those the viewer may meet."""
    words = [word_key(word) for word in query_words(query)[:MOST_WORDS]]
    entries = [entry for word in words for entry in beginning(word, kinds=[Kind.TAG])]
    ids = [entry.target for entry in entries[: 4 * MOST_TAGS]]
    return list(tags_known_to(viewer).filter(pk__in=ids).order_by("key")[: 2 * MOST_TAGS])


def did_you_mean(query: str, *, viewer: User | None) -> str | None:
    """Other words that lead to notes this viewer may see, where these may be a slip."""
    key = word_key(query)
    known = vocabulary_about(key)
    for other in meant(key, known):
        if known.may_be_suggested(other) and leads_somewhere(other, viewer):
            entry = known.by_key.get(other)
            return entry.text if entry else other
    return None


def leads_somewhere(query: str, viewer: User | None) -> bool:
    return bool(leading([query], viewer))


def leading(queries: Iterable[str], viewer: User | None) -> set[str]:
    """Those queries that lead to a note this viewer may see: one look at the index each, and the
    gate for all together."""
    return shown_among(notes_found(queries), viewer)


def notes_found(queries: Iterable[str]) -> dict[str, set[int]]:
    """Notes that hold the words of each query, before the gate: the same for everybody."""
    known = aliases()
    return {q: {pk for pk, _score in matches(ask(q, known), most=LOOKED_AT)} for q in queries}


def shown_among(found: dict[str, set[int]], viewer: User | None) -> set[str]:
    """Those queries with a note that this viewer may see."""
    ids = sorted(set().union(*found.values()))
    shown = set(first_shown(ids, viewer, count=len(ids)))
    return {query for query, notes in found.items() if notes & shown}
