"""A download of Instagram in JSON: `…/posts_1.json` (and 2, 3 …) with media beside it.

Each post has `media` (`uri`, `creation_timestamp`, `title`), and `title` and `creation_timestamp`
of its own where it has several. Texts are UTF-8 that was written as if each byte were a character
of Latin-1, and then escaped: read back the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models.note import TITLE_LENGTH

from .items import Faulty, FileRef, Item, Refused, moment, text_of, title_and_body
from .zips import Box

POSTS = re.compile(r"(^|/)(posts|reels)(_\d+)?\.json$")
VIDEOS = (".mp4", ".mov", ".webm")


def is_it(box: Box) -> bool:
    return any(POSTS.search(name) for name in box.entries)


def origin(box: Box) -> str:
    return "instagram"


def items(box: Box) -> Iterator[Item | Faulty]:
    number = 0
    for name in sorted(name for name in box.entries if POSTS.search(name)):
        for post in _posts(box.json(name)):
            number += 1
            try:
                yield _item(number, post)
            except Refused as refused:
                yield Faulty(number, refused.reason)


def _posts(found: Any) -> list[Any]:
    """A list of posts; a lone post; or the list under the one key of an object (reels)."""
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        is_post = "media" in found and "ig_reels_media" not in found
        found = [found] if is_post or not lists else lists[0]
    return found if isinstance(found, list) else []


def _item(number: int, post: Any) -> Item:
    media = [row for row in _media(post) if isinstance(row.get("uri"), str)]
    if not isinstance(post, dict) or not media:
        raise Refused(_("The post has no pictures."))
    first = media[0]
    caption = unmangled(text_of(post.get("title")) or text_of(first.get("title")))
    title, body = title_and_body(caption, longest=TITLE_LENGTH)
    videos = [row for row in media if row["uri"].lower().endswith(VIDEOS)]
    pictures = [row for row in media if row not in videos]
    return Item(
        number=number,
        key=first["uri"],
        title=title,
        body=body,
        at=moment(post.get("creation_timestamp") or first.get("creation_timestamp")),
        pictures=[FileRef(row["uri"]) for row in pictures],
        # A note has pictures or a video: of a mixed post the pictures are kept.
        video=FileRef(videos[0]["uri"]) if videos and not pictures else None,
    )


def _media(post: Any) -> list[dict[str, Any]]:
    media = post.get("media") if isinstance(post, dict) else None
    media = [media] if isinstance(media, dict) else media
    return [row for row in media if isinstance(row, dict)] if isinstance(media, list) else []


def unmangled(text: str) -> str:
    """UTF-8 that was taken for Latin-1; a text that is none stays as it is."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
