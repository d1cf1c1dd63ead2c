"""Hits as staff reads them: the piece of the text around each find, the find marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.models import Comment, Note
from community.text import duplicates

from . import texts
from .models import DryHit, Hit

AROUND = 60  # characters
PIECES = 3


@dataclass(frozen=True)
class ShownHit:
    row: Hit | DryHit
    thing: Note | Comment | None
    marked: SafeString
    # Its author changed it since: what is marked then may stand elsewhere now.
    is_changed: bool


def shown(rows: Iterable[Hit | DryHit]) -> list[ShownHit]:
    """Hits with their texts, in a fixed number of statements."""
    listed = list(rows)
    notes = (
        Note.objects.select_related("author")
        .prefetch_related("tagged__tag", "images")
        .in_bulk([row.note_id for row in listed if row.note_id])
    )
    comments = Comment.objects.select_related("author", "note").in_bulk(
        [row.comment_id for row in listed if row.comment_id]
    )
    return [
        _shown(row, notes.get(row.note_id or 0) or comments.get(row.comment_id or 0))
        for row in listed
    ]


def _shown(row: Hit | DryHit, thing: Note | Comment | None) -> ShownHit:
    if thing is None:
        return ShownHit(row, None, SafeString(""), False)
    written = texts.of_note(thing) if isinstance(thing, Note) else texts.of_comment(thing)
    is_changed = duplicates.digest(written.text) != row.digest
    spans = [] if is_changed else row.spans
    return ShownHit(row, thing, marked(dict(written.fields), spans), is_changed)


def marked(fields: dict[str, str], spans: Sequence[Sequence[Any]]) -> SafeString:
    """The first pieces of each field with what was found in <mark>; the beginning without any."""
    if not spans:
        start = fields.get("title") or fields.get("body") or ""
        return format_html("{}", start[: 2 * AROUND])
    pieces = []
    names = list(fields)
    ordered = sorted(
        ((str(name), int(start), int(end)) for name, start, end in spans if name in fields),
        key=lambda span: (names.index(span[0]), span[1:]),
    )
    for name, of_field in groupby(ordered, key=itemgetter(0)):
        joined = _joined([(start, end) for _name, start, end in of_field])
        pieces += [_piece(fields.get(name, ""), start, end) for start, end in joined[:PIECES]]
    return format_html_join(" … ", "{}", ((piece,) for piece in pieces[:PIECES]))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _piece(text: str, start: int, end: int) -> SafeString:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        # Not from the middle of a word, where the script has blanks between them.
        before = "…" + (before.partition(" ")[2] or before)
    if end + AROUND < len(text):
        after = (after.rpartition(" ")[0] or after) + "…"
    return format_html("{}<mark>{}</mark>{}", before, text[start:end], after)


def settings_lines(kind: str, settings: dict[str, Any]) -> list[tuple[str, str]]:
    """(what, how) of a version, in words."""
    if kind == "words":
        listed = [row[0] for row in settings["words"]]
        more = len(listed) - 12
        said = ", ".join(listed[:12]) + (
            _(" and %(count)d more") % {"count": more} if more > 0 else ""
        )
        return [
            (_("Words"), said),
            (_("Not in these words"), ", ".join(settings["exceptions"][:12])),
        ]
    from .forms import FIELDS

    fields = FIELDS[kind]()
    return [(str(field.label), _said(settings.get(name))) for name, field in fields.items()]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value[:12])) + (" …" if len(value) > 12 else "")
    return "–" if value is None else str(value)
