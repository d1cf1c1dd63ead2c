"""Tags to offer while somebody writes: from known words, the text itself and tags already chosen.

Each offer says why. Nothing is offered that is banned, that the text or the author has already, or
that another name says better.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from community.lexicon.known_words import KnownWords, known_words
from community.lexicon.models import Term
from community.models import Tag
from community.text.dictionary import Found
from community.text.hashtags import MAX_TAG_LENGTH, find_hashtags
from community.text.keywords import Suggestion
from community.text.keywords import suggest_tags as telling_phrases

from .learnt_words import idf_in_force
from .related_tags import going_with

OFFERED = 8
# What a known word is worth beside the text's most telling phrase, which has 1.
KNOWN_WORD, IN_TITLE, REPEATED = 0.55, 0.25, 0.1
# What a tag is worth that goes with a chosen one.
GOES_WITH = 0.5
MOST_CHOSEN = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """One tag. `kind` is that of a known word or empty; `why` a code, `because` its detail."""

    key: str
    name: str
    score: float
    why: str
    kind: str = ""
    because: str = ""

    @property
    def kind_name(self) -> str:
        return str(Term.Kind(self.kind).label) if self.kind else ""

    @property
    def reason(self) -> str:
        """Why it is offered, in words."""
        sentences = {
            "dictionary": _("a known word in your text"),
            "known": _("people here use this tag"),
            "title": _("in your title"),
            "repeated": _("several times in your text"),
            "body": _("in your text"),
            "together": _("often together with #%(tag)s") % {"tag": self.because},
        }
        return sentences[self.why]


def suggest(
    *,
    title: str,
    body: str,
    known: Collection[str],
    viewer: User | None,
    chosen: Iterable[str] = (),
    limit: int = OFFERED,
) -> list[Offer]:
    """The best tags, best first; `known` are the keys of the community's tags.

    1. Phrases of the text.  2. Known words in it.  3. What goes with the chosen.
    4. One offer a tag, without what is banned or taken.
    """
    words = known_words()
    taken = {words.own(name)[0]: name for name in list(chosen)[:MOST_CHOSEN]}
    written = {words.own(name)[0] for name in (*find_hashtags(title), *find_hashtags(body))}
    phrases = telling_phrases(
        title=title, body=body, known=known, idf=idf_in_force(), limit=2 * limit
    )
    offers: dict[str, Offer] = {}
    for offer in (
        *(_phrase(phrase, words) for phrase in phrases),
        *(_word(found, words) for found in words.dictionary.find(title=title, body=body)),
        *_company(taken, viewer),
    ):
        offers[offer.key] = _both(offers[offer.key], offer) if offer.key in offers else offer
    unwanted = words.banned | taken.keys() | written
    best = sorted(
        (offer for offer in offers.values() if offer.key and offer.key not in unwanted),
        key=lambda offer: (-offer.score, offer.key),
    )
    return _as_spelled(_without_parts(best)[:limit], known)


def _phrase(phrase: Suggestion, words: KnownWords) -> Offer:
    key, name = words.own(phrase.name)
    return Offer(key, name, phrase.score, phrase.why)


def _word(found: Found, words: KnownWords) -> Offer:
    key, name = words.own(found.tag[:MAX_TAG_LENGTH])
    score = KNOWN_WORD + IN_TITLE * found.in_title + REPEATED * min(found.times - 1, 2)
    return Offer(key, name, score, "dictionary", kind=found.kind)


def _company(taken: dict[str, str], viewer: User | None) -> list[Offer]:
    """Tags that go with those taken, of those the viewer may know of."""
    if not taken:
        return []
    rows = going_with(taken).filter(other__in=Tag.objects.known_to(viewer))
    return [
        Offer(
            row.other.key,
            row.other.name,
            GOES_WITH * row.score,
            "together",
            because=taken[row.tag.key],
        )
        for row in rows.select_related("tag", "other")[:OFFERED]
    ]


def _both(one: Offer, other: Offer) -> Offer:
    """Two reasons for a tag are worth more than one; a known word's kind and reason stay."""
    named = other if other.kind else one
    return replace(named, score=one.score + other.score)


def _without_parts(offers: list[Offer]) -> list[Offer]:
    """Leave out phrases of the text that say in part what a better offer says; and Chinese ones
    that wrap a known word (the lakeside for the lake)."""
    kept: list[Offer] = []
    for offer in offers:
        is_plain = offer.why in ("title", "repeated", "body")
        name = offer.name.casefold()
        part = any(name in other.name.casefold() for other in kept)
        wraps = not name.isascii() and any(o.kind and o.name.casefold() in name for o in offers)
        if not (is_plain and (part or wraps)):
            kept.append(offer)
    return kept


def _as_spelled(offers: list[Offer], known: Collection[str]) -> list[Offer]:
    """Known tags as the community spells them."""
    keys = [offer.key for offer in offers if offer.key in known and offer.why != "together"]
    if not keys:
        return offers
    names = dict(Tag.objects.filter(key__in=keys).values_list("key", "name"))
    return [replace(offer, name=names.get(offer.key, offer.name)) for offer in offers]
