"""Cards as HTML: each rendered once per note revision and language, then completed per viewer.

Rendering 20 cards with Django's templates costs 2.6 ms; putting a viewer's own state into 20
rendered ones costs 0.1 ms. What differs between viewers stands in the template as
`{{ slots.name }}` and is filled in on assembly, so nothing of a viewer is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Note
from community.pictures_shown import picture_of

from .pages import FeedItem, FeedPage
from .remembered import Remembered

TEMPLATE = "feeds/_card.html"
# Cards on the first rows of a page are fetched at once, the rest when they come near.
EAGER = 4

Parts = tuple[str, ...]  # text, slot name, text, slot name, ..., text
# About 3 KB a card: at most 15 MB a process.
_cards: Remembered[Parts] = Remembered(most=5_000, seconds=3_600)
_MARK = re.compile("\x02([a-z_]+)\x03")


class Slots:
    """In the template: prints the mark that assembly replaces."""

    def __getitem__(self, name: str) -> str:
        return mark_safe(f"\x02{name}\x03")  # noqa: S308 (marks only)


def render_cards(page: FeedPage, *, viewer: User | None = None) -> SafeString:
    """HTML of the page's cards, in order. A fixed number of queries for cards not yet known."""
    language = get_language() or "en"
    parts = _parts_of(page.items, language)
    html = [
        _assemble(parts[item.note_id], _own(item, index))
        for index, item in enumerate(page.items)
        if item.note_id in parts
    ]
    return mark_safe("".join(html))  # noqa: S308 (templates escaped all, _own escapes the rest)


def _parts_of(items: Sequence[FeedItem], language: str) -> dict[int, Parts]:
    keys = {item.note_id: (item.note_id, item.revision, language) for item in items}
    parts = {pk: known for pk, key in keys.items() if (known := _cards.get(key)) is not None}
    missing = [pk for pk in keys if pk not in parts]
    if missing:
        for note in Note.objects.filter(pk__in=missing).with_card():
            parts[note.pk] = _cards.put((note.pk, note.revision, language), _render(note))
    return parts


def _render(note: Note) -> Parts:
    images = list(note.images.all())
    context = {
        "note": note,
        "author": note.author,
        "cover": picture_of(images[0]) if images else None,
        "slots": Slots(),
    }
    return tuple(_MARK.split(render_to_string(TEMPLATE, context)))


def _assemble(parts: Parts, own: dict[str, str]) -> str:
    filled = list(parts)
    filled[1::2] = [own[name] for name in parts[1::2]]
    return "".join(filled)


def _own(item: FeedItem, index: int) -> dict[str, str]:
    """What this viewer's card shows in each slot, escaped."""
    act = "unlike" if item.liked else "like"
    return {
        "reason": escape(item.reason.text),
        "position": str(item.position),
        "rank": str(item.position + 1),
        "source": item.source,
        "feed": item.feed,
        "likes": short_count(item.likes) if item.likes else "",
        "likes_raw": str(item.likes),
        "liked_class": "is-on" if item.liked else "",
        "liked_pressed": "true" if item.liked else "false",
        "like_action": f"/notes/{item.note_id}/{act}/",
        "like_label": escape(_("Unlike") if item.liked else _("Like")),
        "collected_class": "is-on" if item.collected else "",
        "loading": "eager" if index < EAGER else "lazy",
        "priority": "high" if index < EAGER else "auto",
        "paid": "paid" if item.paid else "",
    }


def short_count(count: int) -> str:
    """1234 as 1.2k, in Chinese 12345 as 1.2万: never rounded up."""
    if (get_language() or "").startswith("zh"):
        steps = [(100_000_000, "亿"), (10_000, "万")]
    else:
        steps = [(1_000_000, pgettext("million", "M")), (1_000, pgettext("thousand", "k"))]
    for size, unit in steps:
        if count >= size:
            tenths = count * 10 // size
            figure = str(tenths // 10) if tenths >= 100 or tenths % 10 == 0 else f"{tenths / 10:.1f}"
            return figure + unit
    return str(count)


def forget() -> None:
    """Render all cards anew (between tests)."""
    _cards.clear()
