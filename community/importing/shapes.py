"""The four kinds of lines as checked records: everything that one line can get wrong by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.crypto import get_random_string

from accounts.errors import DomainError
from accounts.services import MIN_INTERESTS, blur
from community.models import Channel, Note
from community.models.note import BODY_LENGTH, MAX_PICTURES, MAX_TAGS
from community.services.comments import checked_comment
from community.services.places import PLACE_NAME_LENGTH
from community.services.writing import NoteContent, checked_content
from community.text.clean import clean_body, clean_line, is_blank
from community.text.language import guess_language

from . import fields
from .lines import BadLine

FILE_NAME_LENGTH = 1_000
DISPLAY_NAME_LENGTH, BIO_LENGTH, CITY_LENGTH = 40, 300, 80
# Nothing is cut to size: what is too long after cleaning is refused. Before, this much is read.
RAW_TEXT = 20_000
LANGUAGES = {"zh": "zh-hans", "en": "en", "": ""}
NOTE_LANGUAGES = ("zh", "en", "ja", "ko", "other")
KINDS = ("open", "dwell", "like", "collect", "share", "comment")
LONGEST_DWELL = 86_400


@dataclass(slots=True)
class PersonRecord:
    line: int
    name: str
    username: str
    display_name: str
    bio: str
    city: str
    point: tuple[float, float] | None
    interests: list[str]
    language: str
    joined: datetime


@dataclass(slots=True)
class FollowRecord:
    line: int
    follower: str
    followed: str
    at: datetime


@dataclass(slots=True)
class PlaceRecord:
    name: str
    city: str
    latitude: float
    longitude: float

    @property
    def key(self) -> tuple[str, float, float]:
        return self.name, self.latitude, self.longitude


@dataclass(slots=True)
class PictureRecord:
    file: str
    alt: str
    # The name under which the picture is kept here.
    token: str = field(default_factory=lambda: get_random_string(22))


@dataclass(slots=True)
class NoteRecord:
    line: int
    name: str
    author: str
    title: str
    body: str
    tags: list[str]
    channel: Channel | None
    place: PlaceRecord | None
    visibility: str
    language: str
    at: datetime
    pictures: list[PictureRecord]


@dataclass(slots=True)
class ActRecord:
    line: int
    person: str
    note: str
    kind: str
    value: float
    at: datetime
    text: str = ""
    # Of a comment: its own name, if it has one, and the comment it answers.
    name: str = ""
    reply_to: str = ""
    # Names the act among those of its source; see importer.digest_of.
    digest: str = ""


def person_record(
    values: dict[str, Any], *, line: int, channels: dict[str, Channel], now: datetime
) -> PersonRecord:
    interests = list(dict.fromkeys(fields.texts(values, "interests", longest=60, most=50)))
    if unknown := [slug for slug in interests if slug not in channels]:
        raise BadLine(f"interests: there is no channel {unknown[0]!r}")
    if 0 < len(interests) < MIN_INTERESTS:
        interests = []  # too few to count as chosen: the welcome page will ask
    point = fields.point(values, required=False)
    return PersonRecord(
        line=line,
        name=fields.name_of(values, "id"),
        username=clean_line(fields.text(values, "username", longest=200), max_length=60),
        display_name=_line(values, "name", DISPLAY_NAME_LENGTH),
        bio=_body(values, "bio", BIO_LENGTH),
        city=_line(values, "city", CITY_LENGTH),
        point=(blur(point[0]) or 0.0, blur(point[1]) or 0.0) if point else None,
        interests=interests,
        language=LANGUAGES[fields.choice(values, "language", LANGUAGES, default="")],
        joined=fields.moment(values, "joined", now=now) if "joined" in values else now,
    )


def follow_record(values: dict[str, Any], *, line: int, now: datetime) -> FollowRecord:
    record = FollowRecord(
        line=line,
        follower=fields.name_of(values, "from"),
        followed=fields.name_of(values, "to"),
        at=fields.moment(values, "at", now=now) if "at" in values else now,
    )
    if record.follower == record.followed:
        raise BadLine("to: nobody follows themselves")
    return record


def note_record(
    values: dict[str, Any], *, line: int, channels: dict[str, Channel], now: datetime
) -> NoteRecord:
    slug = fields.text(values, "channel", longest=60)
    if slug and slug not in channels:
        raise BadLine(f"channel: there is no channel {slug!r}")
    channel = channels.get(slug)
    title, body, tags = _content(values, channel)
    pictures = _pictures(values)
    if is_blank(title) and is_blank(body) and not pictures:
        raise BadLine("title: a note needs a title, a text or a picture")
    return NoteRecord(
        line=line,
        name=fields.name_of(values, "id"),
        author=fields.name_of(values, "author"),
        title=title,
        body=body,
        tags=tags,
        channel=channel,
        place=_place(values),
        visibility=fields.choice(values, "visibility", Note.Visibility.values, default="public"),
        language=fields.choice(values, "language", NOTE_LANGUAGES, default="other")
        if "language" in values
        else guess_language(f"{title}\n{body}"),
        at=fields.moment(values, "at", now=now),
        pictures=pictures,
    )


def act_record(values: dict[str, Any], *, line: int, now: datetime) -> ActRecord:
    kind = fields.choice(values, "kind", KINDS, default="")
    record = ActRecord(
        line=line,
        person=fields.name_of(values, "person"),
        note=fields.name_of(values, "note"),
        kind=kind,
        value=fields.number(values, "value", least=0, most=LONGEST_DWELL, default=1),
        at=fields.moment(values, "at", now=now),
    )
    if kind == "comment":
        record.text = _comment(values)
        record.name = fields.name_of(values, "id") if "id" in values else ""
        record.reply_to = fields.name_of(values, "reply_to") if values.get("reply_to") else ""
    return record


def _content(values: dict[str, Any], channel: Channel | None) -> tuple[str, str, list[str]]:
    """Title, body and tags by the rules of writing a note."""
    content = NoteContent(
        title=fields.text(values, "title", longest=RAW_TEXT),
        body=fields.text(values, "body", longest=max(RAW_TEXT, BODY_LENGTH)),
        tags=fields.texts(values, "tags", longest=200, most=MAX_TAGS),
        channel=channel,
    )
    try:
        return checked_content(content)
    except DomainError as error:
        raise BadLine(f"{error.field}: {error.text}") from error


def _comment(values: dict[str, Any]) -> str:
    try:
        return checked_comment(fields.text(values, "text", longest=RAW_TEXT))
    except DomainError as error:
        raise BadLine(f"text: {error.text}") from error


def _place(values: dict[str, Any]) -> PlaceRecord | None:
    found = values.get("place")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise BadLine("place: must be an object")
    point = fields.point(found, required=True)
    name = _line(found, "name", PLACE_NAME_LENGTH)
    if not name or point is None:
        raise BadLine("place: needs a name, lat and lon")
    return PlaceRecord(name, _line(found, "city", PLACE_NAME_LENGTH), *point)


def _pictures(values: dict[str, Any]) -> list[PictureRecord]:
    found = values.get("pictures") or []
    if not isinstance(found, list) or len(found) > MAX_PICTURES:
        raise BadLine(f"pictures: must be a list of at most {MAX_PICTURES} objects")
    if not all(isinstance(item, dict) for item in found):
        raise BadLine("pictures: must be a list of objects with file and alt")
    return [
        PictureRecord(
            fields.name_of(item, "file", longest=FILE_NAME_LENGTH), _line(item, "alt", 300)
        )
        for item in found
    ]


def _line(values: dict[str, Any], field: str, longest: int) -> str:
    """One cleaned line that must fit."""
    found = clean_line(fields.text(values, field, longest=RAW_TEXT), max_length=longest + 1)
    if len(found) > longest:
        raise BadLine(f"{field}: longer than {longest} characters")
    return found


def _body(values: dict[str, Any], field: str, longest: int) -> str:
    found = clean_body(fields.text(values, field, longest=RAW_TEXT))
    if len(found) > longest:
        raise BadLine(f"{field}: longer than {longest} characters")
    return found
