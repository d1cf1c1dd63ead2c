"""Reads the hand-written part of the demo community: people, places, notes, comments.

The text lives in TOML beside this file so that it can be read and corrected as text.
A note's picture is one row, [motif, palette, seed, ratio, alt]; a comment is
[who, text] or [who, text, number of the comment it answers, counting from 1].
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_INLINE_TAG = re.compile(r"#(\w+)")


@dataclass(frozen=True, slots=True)
class Picture:
    file: str
    motif: str
    palette: str
    seed: int
    ratio: str
    alt: str


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    by: str
    text: str
    answers: str | None  # the id of the comment it answers


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    city: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    author: str
    title: str
    body: str
    tags: tuple[str, ...]
    channel: str
    place: Place | None
    age: timedelta
    visibility: str
    language: str
    pull: float  # how strongly readers react; 1 is ordinary
    pictures: tuple[Picture, ...]
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    username: str
    name: str
    bio: str
    city: str
    lat: float
    lon: float
    interests: tuple[str, ...]
    joined: timedelta  # how long ago
    language: str
    follows: tuple[str, ...]


def age_of(offset: str) -> timedelta:
    """'-90m', '-3h' or '-2d' as the time that has passed since."""
    return timedelta(**{_UNITS[offset[-1]]: int(offset[1:-1])})


@cache
def people() -> tuple[Person, ...]:
    rows = _read(_FOLDER / "people.toml")["person"]
    return tuple(_person(row) for row in rows)


@cache
def notes() -> tuple[Note, ...]:
    """All notes, the oldest first."""
    rows = [row for path in sorted(_FOLDER.glob("notes/*.toml")) for row in _read(path)["note"]]
    return tuple(sorted(map(_note, rows), key=lambda note: (-note.age, note.id)))


@cache
def pictures_by_file() -> dict[str, Picture]:
    """Every picture of every note, by file name."""
    return {picture.file: picture for note in notes() for picture in note.pictures}


@cache
def _places() -> dict[str, Place]:
    return {slug: Place(*row) for slug, row in _read(_FOLDER / "places.toml").items()}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _person(row: dict[str, Any]) -> Person:
    lists = {"interests": tuple(row["interests"]), "follows": tuple(row["follows"])}
    return Person(**{**row, **lists, "joined": age_of(row["joined"])})


def _note(row: dict[str, Any]) -> Note:
    languages = {person.id: person.language for person in people()}
    return Note(
        id=row["id"],
        author=row["author"],
        title=row["title"],
        body=_with_tags(row["body"].strip(), row["tags"]),
        tags=tuple(row["tags"]),
        channel=row["channel"],
        place=_places()[row["place"]] if "place" in row else None,
        age=age_of(row["at"]),
        visibility=row.get("visibility", "public"),
        language=row.get("language", languages[row["author"]]),
        pull=row.get("pull", 1.0),
        pictures=_pictures(row),
        comments=_comments(row),
    )


def _with_tags(body: str, tags: list[str]) -> str:
    """Notes end in their tags, except those already written into a sentence."""
    written = set(_INLINE_TAG.findall(body))
    missing = [f"#{tag}" for tag in tags if tag not in written]
    return f"{body}\n\n{' '.join(missing)}" if missing else body


def _pictures(row: dict[str, Any]) -> tuple[Picture, ...]:
    return tuple(
        Picture(f"{row['id']}-{number}.jpg", *drawing)
        for number, drawing in enumerate(row.get("pictures", []), start=1)
    )


def _comments(row: dict[str, Any]) -> tuple[Comment, ...]:
    prefix = row["id"].replace("n-", "c-")
    return tuple(
        Comment(f"{prefix}-{number}", by, text, f"{prefix}-{answers[0]}" if answers else None)
        for number, (by, text, *answers) in enumerate(row.get("comments", []), start=1)
    )
