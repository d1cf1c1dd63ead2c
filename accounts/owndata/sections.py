"""Sections of the archive: each tells one kind of thing of one person, row by row.

    tell("likes", _("Notes that you liked."), models=["community.Like"],
         source=lambda person: Like.objects.filter(person=person),
         columns={"note": Column("note_id", "number of the note"), "at": Column("created_at", "")})

Rows are read page by page and never held together. A section tells what the person made and what
is known of them; what somebody else made or keeps to themselves is named at most, and only where
the person may see it now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.file_store import Kept
from accounts.models import User

Row = dict[str, Any]
# Rows that are read, and held, at a time.
AT_ONCE = 500
# Key of a row under which its files stand: (name in the archive, where it is). Not written.
FILES = "_files"


class Column(NamedTuple):
    """Where a value is found, what it means (for the schema), and how it is said."""

    lookup: str
    meaning: str
    said: Callable[[Any], Any] | None = None


# Adds to the rows of one page what one query for all of them finds.
PageHook = Callable[[User, list[Row]], None]


@dataclass(frozen=True)
class Section:
    """`meanings` says of each key of a row what it is; `models` which tables are told here."""

    name: str
    about: str | Promise
    meanings: Mapping[str, str]
    rows: Callable[[User], Iterable[Row]]
    models: tuple[str, ...]


SECTIONS: dict[str, Section] = {}


def tell(
    name: str,
    about: str | Promise,
    *,
    models: Sequence[str],
    source: Callable[[User], QuerySet[Any]],
    columns: Mapping[str, Column],
    also: Sequence[PageHook] = (),
    added: Mapping[str, str] | None = None,
) -> None:
    """Register a section whose rows are rows of one table. `added`: keys that `also` adds."""

    def rows(person: User) -> Iterator[Row]:
        for page in pages_of(source(person), columns):
            for hook in also:
                hook(person, page)
            yield from page

    meanings = {key: column.meaning for key, column in columns.items()} | dict(added or {})
    register(Section(name, about, meanings, rows, tuple(models)))


def register(section: Section) -> None:
    if section.name in SECTIONS:
        raise LookupError(f"There is a section {section.name!r} already.")
    SECTIONS[section.name] = section


def pages_of(source: QuerySet[Any], columns: Mapping[str, Column]) -> Iterator[list[Row]]:
    """Rows of a query by ascending key, AT_ONCE at a time: no cursor stays open between pages."""
    lookups = {column.lookup for column in columns.values()}
    for page in by_key(source.values("pk", *lookups), key=lambda row: row["pk"]):
        yield [{key: _said(row, column) for key, column in columns.items()} for row in page]


def by_key(source: QuerySet[Any], *, key: Callable[[Any], Any]) -> Iterator[list[Any]]:
    """Pages of a query in the order of its primary key."""
    ordered, last = source.order_by("pk"), None
    while page := list((ordered if last is None else ordered.filter(pk__gt=last))[:AT_ONCE]):
        yield page
        last = key(page[-1])


def _said(row: Row, column: Column) -> Any:
    value = row[column.lookup]
    return value if column.said is None or value is None else column.said(value)


def names_of(viewer: User, ids: Iterable[Any], *, kept_away: bool = False) -> dict[int, str]:
    """Usernames of those of these people whom the viewer may meet, or once put away themselves."""
    people = User.objects.filter(pk__in={pk for pk in ids if pk is not None})
    people = people if kept_away else people.visible_to(viewer)
    return dict(people.values_list("pk", "username"))


def with_people(key: str, *, kept_away: bool = False) -> PageHook:
    """Put a person's name in the place of their number; none where it may not be known."""

    def name(viewer: User, page: list[Row]) -> None:
        names = names_of(viewer, (row[key] for row in page), kept_away=kept_away)
        for row in page:
            row[key] = names.get(row[key])

    return name


def files_of(row: Row) -> list[tuple[str, Kept]]:
    """Take the files out of a row: what remains is written as a line."""
    return list(row.pop(FILES, ()))
