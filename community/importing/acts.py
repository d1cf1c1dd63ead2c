"""Write a batch of interactions: the gate first, then the rows, then the counters they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.crypto import get_random_string

from accounts.models import Follow
from community.models import Collect, Comment, Like, Note, NoteStats, Share
from community.rows import insert_rows

from .lines import BadLine
from .people import blocked_pairs
from .shapes import ActRecord


@dataclass(slots=True)
class Act:
    """A record whose person and note are known rows."""

    record: ActRecord
    person: int
    note: int


@dataclass(frozen=True, slots=True)
class _Door:
    author: int
    visibility: str
    is_shown: bool


def turned_away(acts: Sequence[Act]) -> dict[int, BadLine]:
    """Line → why the person cannot reach the note: the gate of the services, set-based."""
    doors = _doors({act.note for act in acts})
    people, authors = {act.person for act in acts}, {door.author for door in doors.values()}
    apart = blocked_pairs(people, authors)
    closed = {door.author for door in doors.values() if door.visibility == "followers"}
    follows = set(
        Follow.objects.filter(followed__in=closed).values_list("follower", "followed")
        if closed
        else ()
    )
    return {
        act.record.line: BadLine("note: this person cannot see it")
        for act in acts
        if not _passes(act.person, doors.get(act.note), apart, follows)
    }


def _doors(notes: set[int]) -> dict[int, _Door]:
    rows = Note.objects.filter(pk__in=notes).values_list(
        "pk", "author", "visibility", "state", "hidden_at", "deleted_at"
    )
    return {
        pk: _Door(author, visibility, state == Note.State.PUBLISHED and not (hidden or deleted))
        for pk, author, visibility, state, hidden, deleted in rows
    }


def _passes(
    person: int, door: _Door | None, apart: set[tuple[int, int]], follows: set[tuple[int, int]]
) -> bool:
    if door is None or not door.is_shown:
        return False
    if door.author == person:
        return True
    if (person, door.author) in apart or door.visibility == "private":
        return False
    return door.visibility == "public" or (person, door.author) in follows


def write_acts(acts: Sequence[Act]) -> None:
    """Likes, collects and shares of a batch; opens and dwells leave no row in this room."""
    for kind, model in (("like", Like), ("collect", Collect), ("share", Share)):
        rows = [(act.person, act.note, act.record.at) for act in acts if act.record.kind == kind]
        if model is Share:
            shares = [(*row, get_random_string(12)) for row in rows]
            insert_rows(Share, ("person", "note", "created_at", "token"), shares)
        else:
            insert_rows(model, ("person", "note", "created_at"), rows)


def write_comments(acts: Sequence[Act], known: dict[str, int]) -> dict[str, int]:
    """Write comments, those first that others answer; return the ids of the named ones.

    `known` are the ids of comments from earlier batches, by name. Replies to replies come in waves.
    """
    waiting = [act for act in acts if act.record.kind == "comment"]
    written: dict[str, int] = {}
    while waiting:
        names = {act.record.name for act in waiting if act.record.name}
        ready = [act for act in waiting if act.record.reply_to not in names]
        parents = _parents(ready, known | written)
        rows = Comment.objects.bulk_create(_comment(act, parents) for act in ready)
        written |= {
            act.record.name: row.pk for act, row in zip(ready, rows, strict=True) if act.record.name
        }
        waiting = [act for act in waiting if act.record.reply_to in names]
    return written


def _parents(acts: Sequence[Act], known: dict[str, int]) -> dict[str, Comment]:
    """The comments that these answer, by name."""
    ids = {name: known[name] for act in acts if (name := act.record.reply_to)}
    rows = Comment.objects.in_bulk(ids.values())
    return {name: rows[pk] for name, pk in ids.items() if pk in rows}


def _comment(act: Act, parents: dict[str, Comment]) -> Comment:
    parent = parents.get(act.record.reply_to)
    return Comment(
        note_id=act.note,
        author_id=act.person,
        body=act.record.text,
        reply_to=parent,
        thread_id=(parent.thread_id or parent.pk) if parent else None,
        created_at=act.record.at,
    )


COUNTERS = {
    "like": ("likes", Like.objects.all()),
    "collect": ("collects", Collect.objects.all()),
    "share": ("shares", Share.objects.all()),
    "comment": ("comments", Comment.objects.filter(deleted_at=None, hidden_at=None)),
}


def recount(acts: Iterable[Act]) -> None:
    """The counters that these acts can have moved, from the rows."""
    touched: dict[str, set[int]] = {}
    for act in acts:
        touched.setdefault(act.record.kind, set()).add(act.note)
    for kind, (counter, rows) in COUNTERS.items():
        if kind in touched:
            NoteStats.objects.filter(note__in=touched[kind]).update(**{counter: _count(rows)})


def _count(rows: QuerySet[Model]) -> Coalesce:
    of_note = rows.filter(note=OuterRef("note")).order_by().values("note")
    counted = of_note.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
