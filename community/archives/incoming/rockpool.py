"""An archive of this or another Rockpool (docs/archive-format.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from community.archives.writing import FORMAT, MANIFEST

from .items import AlbumItem, Faulty, FileRef, Item, Refused, moment, text_of
from .zips import Box


def is_it(box: Box) -> bool:
    return MANIFEST in box.entries


def origin(box: Box) -> str:
    """The community and the person it is of: numbers of notes mean something only there."""
    manifest = box.json(MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(_("This archive has a format that is not known here."))
    return f"{manifest.get('community')} {manifest.get('person')}"


def items(box: Box) -> Iterator[Item | Faulty]:
    yield from _rows(box, "notes.jsonl", _note)


def albums(box: Box) -> Iterator[AlbumItem | Faulty]:
    yield from _rows(box, "albums.jsonl", _album)


def follows(box: Box) -> list[str]:
    """Names of people, who may have an account here, too."""
    found = _rows(box, "follows.jsonl", lambda number, row: text_of(row.get("person")))
    return [name for name in found if isinstance(name, str) and name]


def interests(box: Box) -> list[str]:
    """Channels that were chosen."""
    found = _rows(box, "chosen_interests.jsonl", lambda number, row: text_of(row.get("channel")))
    return [slug for slug in found if isinstance(slug, str) and slug]


def _rows(box: Box, name: str, read: Callable[[int, dict[str, Any]], Any]) -> Iterator[Any]:
    if name not in box.entries:
        return
    for number, line in box.lines(name):
        try:
            row = None if line is None else orjson.loads(line)
            if not isinstance(row, dict):
                raise Refused(_("The line cannot be read."))
            yield read(number, row)
        except orjson.JSONDecodeError:
            yield Faulty(number, _("The line cannot be read."))
        except Refused as refused:
            yield Faulty(number, refused.reason)


def _note(number: int, row: dict[str, Any]) -> Item:
    if row.get("deleted_at"):
        raise Refused(_("You deleted it."))
    video = row.get("video")
    has_video = isinstance(video, dict) and isinstance(video.get("file"), str)
    return Item(
        number=number,
        key=f"note {row.get('note')}",
        title=text_of(row.get("title")),
        body=text_of(row.get("body")),
        tags=[tag for tag in _list(row.get("tags")) if isinstance(tag, str)],
        at=moment(row.get("published_at") or row.get("created_at")),
        visibility=text_of(row.get("visibility")) or "private",
        is_draft=row.get("state") != "published",
        channel=text_of(row.get("channel")),
        licence=text_of(row.get("licence")),
        ai_made=row.get("ai_made") is True,
        disclosure=text_of(row.get("disclosure")),
        place=row["place"] if isinstance(row.get("place"), dict) else None,
        pictures=[
            FileRef(picture["file"], text_of(picture.get("alt")))
            for picture in _list(row.get("pictures"))
            if isinstance(picture, dict) and isinstance(picture.get("file"), str)
        ],
        video=FileRef(video["file"], text_of(video.get("alt"))) if has_video and video else None,
    )


def _album(number: int, row: dict[str, Any]) -> AlbumItem:
    return AlbumItem(
        number=number,
        key=f"album {row.get('album')}",
        title=text_of(row.get("title")),
        about=text_of(row.get("about")),
        visibility=text_of(row.get("visibility")) or "private",
        order=text_of(row.get("order")) or "newest",
        notes=[f"note {pk}" for pk in _list(row.get("notes"))],
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
