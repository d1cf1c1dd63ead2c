"""The demo community: people, notes and pictures that make a new Rockpool look alive.

Invented people write about real places. The text is by hand (`people.toml`, `notes/`),
the readers' clicks are drawn by chance with a fixed seed (`readers.py`), the pictures
by code (`pictures.py`). Nothing here knows Django: the lines go through the importer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from .content import Note, Person, Picture, notes, people, pictures_by_file
from .pictures import as_jpeg, draw
from .readers import interactions

__all__ = ["demo_lines", "demo_picture"]

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def demo_lines() -> Iterator[dict[str, Any]]:
    """Import lines in an order that resolves: people, follows, notes, interactions by time."""
    yield from map(_person_line, people())
    yield from _follow_lines()
    yield from map(_note_line, notes())
    yield from interactions()


def demo_picture(file: str) -> bytes:
    """The JPEG of one picture named in a note line. Raises KeyError for any other name."""
    picture = pictures_by_file()[file]
    return as_jpeg(draw(picture.motif, picture.palette, picture.seed, picture.ratio))


def _person_line(person: Person) -> dict[str, Any]:
    return {
        "type": "person",
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "bio": person.bio,
        "city": person.city,
        "lat": person.lat,
        "lon": person.lon,
        "interests": list(person.interests),
        "joined": f"-{person.joined // DAY}d",
        "language": person.language,
    }


def _follow_lines() -> Iterator[dict[str, Any]]:
    """Each follow some day after both people had joined."""
    joined = {person.id: person.joined // DAY for person in people()}
    r = Random("follows")
    for person in people():
        for followed in person.follows:
            days = r.randint(11, min(joined[person.id], joined[followed]) - 1)
            yield {"type": "follow", "from": person.id, "to": followed, "at": f"-{days}d"}


def _note_line(note: Note) -> dict[str, Any]:
    line: dict[str, Any] = {
        "type": "note",
        "id": note.id,
        "author": note.author,
        "title": note.title,
        "body": note.body,
        "tags": list(note.tags),
        "channel": note.channel,
        "at": f"-{note.age // MINUTE}m",
        "visibility": note.visibility,
        "pictures": [_picture_entry(picture) for picture in note.pictures],
        "language": note.language,
    }
    if note.place:
        place = note.place
        line["place"] = {"name": place.name, "city": place.city, "lat": place.lat, "lon": place.lon}
    return line


def _picture_entry(picture: Picture) -> dict[str, Any]:
    drawing = {
        "motif": picture.motif,
        "palette": picture.palette,
        "seed": picture.seed,
        "ratio": picture.ratio,
    }
    return {"file": picture.file, "alt": picture.alt, "draw": drawing}
