"""What every format is read into, and what is said of an item that is not taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# No note of any community is older.
FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)


class Refused(Exception):
    """Why an item, or the whole file, is not taken, in words for the person who brought it."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class FileRef:
    """A file of the archive by its name there, and the words that describe it."""

    name: str
    alt: str = ""


@dataclass
class Item:
    """One note to be. `number` is its place in the file, from 1; `key` its name at the source."""

    number: int
    key: str
    title: str = ""
    body: str = ""
    tags: list[str] = field(default_factory=list)
    at: datetime | None = None
    visibility: str = "public"
    is_draft: bool = False
    channel: str = ""
    licence: str = ""
    ai_made: bool = False
    disclosure: str = ""
    place: dict[str, Any] | None = None
    pictures: list[FileRef] = field(default_factory=list)
    video: FileRef | None = None


@dataclass
class AlbumItem:
    number: int
    key: str
    title: str
    about: str
    visibility: str
    order: str
    # Keys of notes of the same file.
    notes: list[str]


@dataclass(frozen=True)
class Faulty:
    """An item that could not even be read."""

    number: int
    reason: str | Promise


def text_of(value: Any) -> str:
    """A text, or nothing."""
    return value if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """ISO 8601, or seconds since the epoch. Raises Refused for what is no possible time."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
        else:
            found = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused(_("Its time cannot be read.")) from error
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found < FIRST_DAY:
        raise Refused(_("Its time cannot be read."))
    return found


def title_and_body(text: str, *, longest: int) -> tuple[str, str]:
    """A short first line is the title of a text that has none of its own."""
    first, _line, rest = text.strip().partition("\n")
    if len(first) <= longest and rest.strip():
        return first.strip(), rest.strip()
    return "", text.strip()
