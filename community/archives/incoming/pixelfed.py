"""Pixelfed's `pixelfed-statuses.json` (statuses as its API gives them), or an ActivityPub
`outbox.json`, in a ZIP together with the pictures.

Pixelfed's own export holds no pictures, only their addresses. We fetch nothing from addresses that
a file names: whoever brings it puts the pictures into the ZIP, and they are found by their names.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from community.models.note import TITLE_LENGTH

from .items import Faulty, FileRef, Item, Refused, moment, text_of, title_and_body
from .zips import Box

STATUSES, OUTBOX = ("/pixelfed-statuses.json", "/statuses.json"), ("/outbox.json",)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
BREAKS = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
VISIBILITY = {"public": "public", "unlisted": "public", "private": "followers"}


def is_it(box: Box) -> bool:
    return bool(box.names(*STATUSES, *OUTBOX))


def origin(box: Box) -> str:
    return "fediverse"


def items(box: Box) -> Iterator[Item | Faulty]:
    number = 0
    for name in box.names(*STATUSES, *OUTBOX):
        found = box.json(name)
        for row in _rows(found):
            number += 1
            try:
                is_activity = "object" in row or "orderedItems" in found
                yield _activity(number, row) if is_activity else _status(number, row)
            except Refused as refused:
                yield Faulty(number, refused.reason)
            except (AttributeError, TypeError, KeyError):
                yield Faulty(number, _("The line cannot be read."))


def _rows(found: Any) -> list[Any]:
    if isinstance(found, dict):
        found = found.get("orderedItems", [])
    return found if isinstance(found, list) else []


def _status(number: int, row: dict[str, Any]) -> Item:
    """A status of the API: `content`, `media_attachments` with `url` and `description`."""
    if row.get("reblog"):
        raise Refused(_("Somebody else wrote it."))
    if row.get("in_reply_to_id"):
        raise Refused(_("It answers somebody, so it is no note."))
    files = [a for a in row.get("media_attachments") or [] if isinstance(a, dict)]
    words = text_of(row.get("content_text")) or plain(text_of(row.get("content")))
    return _made(
        number,
        key=text_of(row.get("uri")) or text_of(row.get("url")) or f"status {row.get('id')}",
        words=words,
        at=row.get("created_at"),
        visibility=VISIBILITY.get(text_of(row.get("visibility")), "private"),
        tags=[text_of(tag.get("name")) for tag in row.get("tags") or []],
        files=[
            (text_of(a.get("url")), text_of(a.get("description")), a.get("type")) for a in files
        ],
    )


def _activity(number: int, row: dict[str, Any]) -> Item:
    """A Create with its Note: `content`, `attachment` with `url` and `name`."""
    note = row.get("object", row)
    if row.get("type") == "Announce" or not isinstance(note, dict):
        raise Refused(_("Somebody else wrote it."))
    if note.get("inReplyTo"):
        raise Refused(_("It answers somebody, so it is no note."))
    to, cc = (_many(note.get(key)) for key in ("to", "cc"))
    is_public = PUBLIC in to or PUBLIC in cc or "as:Public" in to
    for_followers = any(str(one).endswith("/followers") for one in to)
    files = [a for a in _many(note.get("attachment")) if isinstance(a, dict)]
    tags = [tag for tag in _many(note.get("tag")) if isinstance(tag, dict)]
    return _made(
        number,
        key=text_of(note.get("id")) or f"activity {number}",
        words=plain(text_of(note.get("content"))),
        at=note.get("published"),
        visibility="public" if is_public else "followers" if for_followers else "private",
        tags=[text_of(tag.get("name")) for tag in tags if tag.get("type") == "Hashtag"],
        files=[(text_of(a.get("url")), text_of(a.get("name")), a.get("mediaType")) for a in files],
    )


def _made(
    number: int,
    *,
    key: str,
    words: str,
    at: Any,
    visibility: str,
    tags: list[str],
    files: list[tuple[str, str, Any]],
) -> Item:
    title, body = title_and_body(words, longest=TITLE_LENGTH)
    videos = [FileRef(_base(url), alt) for url, alt, kind in files if "video" in str(kind)]
    pictures = [FileRef(_base(url), alt) for url, alt, kind in files if "video" not in str(kind)]
    return Item(
        number=number,
        key=key,
        title=title,
        body=body,
        tags=[tag.lstrip("#") for tag in tags if tag],
        at=moment(at),
        visibility=visibility,
        pictures=pictures,
        video=videos[0] if videos and not pictures else None,
    )


def _base(url: str) -> str:
    """The name of the file at the end of an address."""
    return PurePosixPath(urlsplit(url).path).name


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def plain(content: str) -> str:
    """HTML as text, lines kept."""
    return html.unescape(strip_tags(BREAKS.sub("\n", content))).strip()
