"""Cards as HTML: each rendered once per note revision and language, then completed per viewer.

Rendering 20 cards with Django's templates costs 2.6 ms; putting a viewer's own state into 20
rendered ones costs 0.1 ms. What differs between viewers stands in the template as
`{{ slots.name }}` and is filled in on assembly, so nothing of a viewer is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from community.covers import SHOWN, sees_second
from community.models import Note
from community.pictures_shown import CoverPicture, picture_of
from community.videos_shown import length_in_words, video_of
from community.wording import short_count

from .pages import FeedItem, FeedPage
from .remembered import Remembered

TEMPLATE = "feeds/_card.html"
# Cards on the first rows of a page are fetched at once, the rest when they come near.
EAGER = 4

Parts = tuple[str, ...]  # text, slot name, text, slot name, ..., text
Covers = tuple[Parts, ...]  # the card; while a second cover is tested, the card with that one too
# About 3 KB a card: at most 15 MB a process.
_cards: Remembered[Covers] = Remembered(most=5_000, seconds=3_600)
_MARK = re.compile("\x02([a-z_]+)\x03")


class Slots:
    """In the template: prints the mark that assembly replaces."""

    def __getitem__(self, name: str) -> str:
        return mark_safe(f"\x02{name}\x03")  # noqa: S308 (marks only)


def render_cards(page: FeedPage, *, viewer: User | None = None) -> SafeString:
    """HTML of the page's cards, in order. A fixed number of queries for cards not yet known."""
    language = get_language() or "en"
    covers = _covers_of(page.items, language)
    me = viewer.pk if viewer is not None else None
    labels: dict[bool, str] = {True: escape(_("Unlike")), False: escape(_("Like"))}
    html = [
        fill(
            _cover_for(item, covers[item.note_id], me),
            _own(item, index, labels, page.list_id, viewer is None),
        )
        for index, item in enumerate(page.items)
        if item.note_id in covers
    ]
    return mark_safe("".join(html))  # noqa: S308 (templates escaped all, _own escapes the rest)


def draw_card(note: Note, cover: CoverPicture | None, item: FeedItem) -> str:
    """One card of a note and cover at hand, as nobody else is to meet it: for the style guide."""
    labels: dict[bool, str] = {True: escape(_("Unlike")), False: escape(_("Like"))}
    return fill(_with_cover(note, cover), _own(item, item.position, labels, 0, to_visitor=False))


def _covers_of(items: Sequence[FeedItem], language: str) -> dict[int, Covers]:
    keys = {item.note_id: (item.note_id, item.revision, language) for item in items}
    covers = {pk: known for pk, key in keys.items() if (known := _cards.get(key)) is not None}
    missing = [pk for pk in keys if pk not in covers]
    if missing:
        for note in Note.objects.filter(pk__in=missing).with_card():
            covers[note.pk] = _cards.put((note.pk, note.revision, language), _render(note))
    return covers


def _cover_for(item: FeedItem, covers: Covers, viewer_id: int | None) -> Parts:
    """The card with the cover that this viewer sees of this note wherever they meet it."""
    if len(covers) == 1 or item.is_mine:
        return covers[0]
    return covers[sees_second(note_id=item.note_id, viewer_id=viewer_id)]


def _render(note: Note) -> Covers:
    images = list(note.images.all())
    second = [image for image in images[1:] if image.second_cover == SHOWN]
    if not images:
        return (_with_cover(note, None),)
    return tuple(_with_cover(note, picture_of(image)) for image in images[:1] + second)


def _with_cover(note: Note, cover: CoverPicture | None) -> Parts:
    video = video_of(note)
    context = {
        "note": note,
        "author": note.author,
        "cover": cover,
        "length": length_in_words(video.duration) if video is not None and video.is_ready else "",
        "slots": Slots(),
    }
    return split_at_slots(render_to_string(TEMPLATE, context))


def split_at_slots(html: str) -> Parts:
    """Rendered HTML cut at its marks: text, slot name, text, ..."""
    return tuple(_MARK.split(html))


def fill(parts: Parts, own: dict[str, str]) -> str:
    """The HTML with each slot's own text put in."""
    filled = list(parts)
    filled[1::2] = [own[name] for name in parts[1::2]]
    return "".join(filled)


def _own(
    item: FeedItem, index: int, labels: dict[bool, str], list_id: int, to_visitor: bool
) -> dict[str, str]:
    """What this viewer's card shows in each slot, escaped."""
    act = "unlike" if item.liked else "like"
    return {
        "reason": escape(item.reason.text),
        "position": str(item.position),
        "rank": str(item.position + 1),
        "source": item.source,
        "feed": item.feed,
        "list": str(list_id),
        "likes": short_count(item.likes) if item.likes else "",
        "likes_raw": str(item.likes),
        "liked_class": "is-on" if item.liked else "",
        "liked_pressed": "true" if item.liked else "false",
        # A visitor's form asks them to log in and come back (templates/base.html).
        "like_action": "/account/login/" if to_visitor else f"/notes/{item.note_id}/{act}/",
        "like_label": labels[item.liked],
        "collected_class": "is-on" if item.collected else "",
        "loading": "eager" if index < EAGER else "lazy",
        "priority": "high" if index < EAGER else "auto",
        "paid_class": "card--paid" if item.paid else "",
        "arrival": "?from=boost" if item.paid else "",
    }
