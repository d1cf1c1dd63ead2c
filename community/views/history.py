"""The edits of a note: what each of them took away and added."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.asking import whole_number
from accounts.models import User
from community.models import Note, NoteRevision
from community.services.tagging import shown_names
from community.text.difference import Piece, difference

# Comparing two texts of 5,000 characters takes some milliseconds, at worst a few hundred.
EDITS_A_PAGE = 10


@dataclass(frozen=True)
class Edit:
    """From a former text to the one that replaced it, as far as the viewer may read them."""

    former: NoteRevision
    title: list[Piece]
    body: list[Piece]
    tags_gone: list[str]
    tags_new: list[str]

    @property
    def changed_words(self) -> bool:
        return any(kind != "same" for kind, _text in (*self.title, *self.body))


def edits_page(note: Note, viewer: User | None, *, before: str) -> tuple[list[Edit], int | None]:
    """The latest edits, or those before a revision's number; and the number to go on with."""
    former = NoteRevision.objects.readable_for(viewer, note)
    later = None
    if (number := whole_number(before)) is not None:
        later = former.filter(number__gte=number).last()
        former = former.filter(number__lt=number)
    rows = list(former[: EDITS_A_PAGE + 1])
    after = _said(later) if later else (note.title, note.body, list(shown_names(note)))
    edits = []
    for row in rows[:EDITS_A_PAGE]:
        edits.append(_edit(row, *after))
        after = _said(row)
    return edits, edits[-1].former.number if len(rows) > EDITS_A_PAGE else None


def _said(row: NoteRevision) -> tuple[str, str, list[str]]:
    return row.title, row.body, row.tags


def _edit(row: NoteRevision, title: str, body: str, tags: list[str]) -> Edit:
    return Edit(
        former=row,
        title=difference(row.title, title),
        body=difference(row.body, body),
        tags_gone=[tag for tag in row.tags if tag not in tags],
        tags_new=[tag for tag in tags if tag not in row.tags],
    )
