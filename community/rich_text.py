"""What people wrote as HTML: tags, mentions and links lead somewhere, all else is escaped."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.names import name_key
from community.text.hashtags import Piece, possible_mentions, split_rich_text

# Candidates looked up for one page; who writes more mentions than this gets them as plain text.
MENTIONS_AT_MOST = 600
LINK_LABEL_LENGTH = 42


def linked(body: str, *, known: Container[str]) -> SafeString:
    """The body as HTML. `known` are the case-folded usernames that may be linked."""
    pieces = split_rich_text(body, known=known)
    return format_html_join("", "{}", ((_html(piece),) for piece in pieces))


def known_mentions(viewer: User | None, texts: Iterable[str]) -> frozenset[str]:
    """Usernames (case-folded) that the texts mention and the viewer may meet; one query or none."""
    names = sorted(set().union(*(possible_mentions(text) for text in texts)))
    if not names:
        return frozenset()
    keys = {name_key(name) for name in names[:MENTIONS_AT_MOST]}
    people = User.objects.visible_to(viewer).filter(username_key__in=keys)
    return frozenset(name.casefold() for name in people.values_list("username", flat=True))


def _html(piece: Piece) -> SafeString | str:
    match piece.kind:
        case "newline":
            return mark_safe("<br>")
        case "hashtag":
            address = reverse("tag", args=[piece.target])
            return format_html('<a class="tag-link" href="{}">#{}</a>', address, piece.label)
        case "mention":
            address = reverse("profile", args=[piece.target])
            return format_html('<a class="mention" href="{}">{}</a>', address, piece.label)
        case "link":
            return format_html(
                '<a class="outward" rel="nofollow ugc noopener" href="{}">{}</a>',
                piece.target,
                _shortened(piece.label),
            )
    return piece.label


def _shortened(address: str) -> str:
    """An address without its scheme, cut where it would fill several lines."""
    shown = address.split("://", 1)[-1].removeprefix("www.").rstrip("/")
    return shown if len(shown) <= LINK_LABEL_LENGTH else f"{shown[: LINK_LABEL_LENGTH - 1]}…"
