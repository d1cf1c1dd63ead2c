"""Hold an import together: take lines, check them against what is known, write them in batches.

Each batch is one transaction that also notes its lines as imported, so that an import that was
broken off goes on where it stopped. A line may refer to earlier lines and to earlier imports of
the same source, never to later ones: whether a line is taken does not depend on batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.utils import timezone

from community import signals
from community.models import Channel, Comment, ImportedRow, Note
from community.rows import insert_rows
from community.services.writing import fallback_channel

from .acts import Act, recount, turned_away, write_acts, write_comments
from .cards import draw_cards_later
from .lines import BadLine, Line, decode, numbered
from .notes import PictureSource, add_pictures, drop_pictures, store_pictures, write_notes
from .people import write_follows, write_people
from .report import ImportReport, Refused
from .shapes import (
    ActRecord,
    FollowRecord,
    NoteRecord,
    PersonRecord,
    act_record,
    follow_record,
    note_record,
    person_record,
)

BATCH = 2_000
Kind = ImportedRow.Kind


def import_lines(
    lines: Iterable[Line],
    *,
    source: str,
    picture_source: PictureSource | None = None,
    picture_job: str = "",
    cards: bool = True,
    now: datetime | None = None,
    on_refusal: Callable[[Refused], object] = lambda refusal: None,
) -> ImportReport:
    """Import lines in the format of docs/import-format.md; a second time changes nothing.

    `source` names where they come from (at most 60 characters). `picture_source` gives the bytes
    of a picture file; or `picture_job` is the kind of a job (image, file) that makes it. With
    `cards` text cards are drawn, in the background, for notes without a picture. Memory grows
    with the names of people and notes, not with the interactions.
    """
    importer = _Importer(source=source, picture_source=picture_source, now=now or timezone.now())
    importer.on_refusal = on_refusal
    importer.picture_job = picture_job
    try:
        for number, line in numbered(lines):
            importer.take(number, line)
        importer.flush()
    finally:
        importer.drop_what_waits()
    if cards and importer.report.added["note"]:
        draw_cards_later(source)
    return importer.report


class _Importer:
    def __init__(self, *, source: str, picture_source: PictureSource | None, now: datetime) -> None:
        self.source, self.picture_source, self.now = source[:60], picture_source, now
        self.report = ImportReport()
        self.on_refusal: Callable[[Refused], object] = lambda refusal: None
        self.picture_job = ""
        self.channels = {channel.slug: channel for channel in Channel.objects.open()}
        self.fallback = fallback_channel()
        # Name in the source → primary key; 0 while the row waits in the batch.
        self.people = self._known(Kind.PERSON)
        self.notes = self._known(Kind.NOTE)
        self.comments = self._known(Kind.COMMENT)
        self.note_of_comment = self._notes_of_comments()
        self._start_batch()

    def _known(self, kind: Kind) -> dict[str, int]:
        rows = ImportedRow.objects.filter(source=self.source, kind=kind)
        pairs = rows.values_list("external_id", "object_id").iterator()
        return {name: pk or 0 for name, pk in pairs}

    def _notes_of_comments(self) -> dict[str, str]:
        """Comment → note it stands on, both by their names in the source."""
        if not self.comments:
            return {}
        names = {pk: name for name, pk in self.notes.items()}
        of = Comment.objects.filter(pk__in=ImportedRow.objects.filter(
            source=self.source, kind=Kind.COMMENT).values("object_id"))  # fmt: skip
        note_ids = dict(of.values_list("pk", "note").iterator())
        return {name: names.get(note_ids.get(pk, 0), "") for name, pk in self.comments.items()}

    def _start_batch(self) -> None:
        self.new_people: list[PersonRecord] = []
        self.new_follows: list[FollowRecord] = []
        self.new_notes: list[NoteRecord] = []
        self.new_acts: list[ActRecord] = []
        self.waiting = 0

    # ------------------------------------------------------------ taking lines
    def take(self, number: int, line: Line) -> None:
        """Check one line and keep it for the batch; a bad one is reported and forgotten."""
        try:
            values = decode(line)
            kind = values.get("type")
            if kind == "interaction":
                self._take_act(values, number)
            elif kind == "note":
                self._take_note(values, number)
            elif kind == "follow":
                self._take_follow(values, number)
            elif kind == "person":
                self._take_person(values, number)
            else:
                raise BadLine("type: must be person, follow, note or interaction")
        except BadLine as reason:
            self._refuse(number, str(reason))
        if self.waiting >= BATCH:
            self.flush()

    def _take_person(self, values: dict[str, Any], number: int) -> None:
        record = person_record(values, line=number, channels=self.channels, now=self.now)
        if record.name in self.people:
            self.report.there_already["person"] += 1
            return
        self.people[record.name] = 0
        self.new_people.append(record)
        self.waiting += 1

    def _take_follow(self, values: dict[str, Any], number: int) -> None:
        record = follow_record(values, line=number, now=self.now)
        self._check_known(self.people, record.follower, "from", "person")
        self._check_known(self.people, record.followed, "to", "person")
        self.new_follows.append(record)
        self.waiting += 1

    def _take_note(self, values: dict[str, Any], number: int) -> None:
        record = note_record(values, line=number, channels=self.channels, now=self.now)
        self._check_known(self.people, record.author, "author", "person")
        if record.name in self.notes:
            self.report.there_already["note"] += 1
            return
        if not self.picture_job:
            store_pictures(record.pictures, self.picture_source)
        self.notes[record.name] = 0
        self.new_notes.append(record)
        self.waiting += 1

    def _take_act(self, values: dict[str, Any], number: int) -> None:
        record = act_record(values, line=number, now=self.now)
        self._check_known(self.people, record.person, "person", "person")
        self._check_known(self.notes, record.note, "note", "note")
        if record.name and record.name in self.note_of_comment:
            self.report.there_already["interaction"] += 1
            return
        if record.reply_to and self.note_of_comment.get(record.reply_to) != record.note:
            raise BadLine(f"reply_to: no comment {record.reply_to!r} on this note before this line")
        if record.name:
            self.note_of_comment[record.name] = record.note
        record.digest = digest_of(values)
        self.new_acts.append(record)
        self.waiting += 1

    def _check_known(self, names: dict[str, int], name: str, field: str, what: str) -> None:
        if name not in names:
            raise BadLine(f"{field}: no {what} {name!r} before this line")

    def _refuse(self, number: int, reason: str) -> None:
        self.on_refusal(self.report.refuse(number, reason))

    # ------------------------------------------------------------ writing a batch
    def flush(self) -> None:
        """Write what waits, in one transaction: people, follows, notes, interactions."""
        with transaction.atomic():
            self._write_people()
            self._write_notes()
            self._write_follows()
            self._write_acts()
        self._start_batch()

    def drop_what_waits(self) -> None:
        """After a failure: the uploads of notes that were not written."""
        for record in self.new_notes:
            drop_pictures(record.pictures)

    def _write_people(self) -> None:
        if not self.new_people:
            return
        ids = write_people(self.new_people)
        self._remember(Kind.PERSON, [record.name for record in self.new_people], ids)
        self.people.update(zip((record.name for record in self.new_people), ids, strict=True))
        self.report.added["person"] += len(ids)
        rows = [(pk, record.interests) for pk, record in zip(ids, self.new_people, strict=True)]
        signals.people_imported.send(sender=ImportedRow, rows=rows, now=self.now)

    def _write_notes(self) -> None:
        if not self.new_notes:
            return
        ids = write_notes(self.new_notes, authors=self.people, fallback=self.fallback)
        add_pictures(ids, self.new_notes, job=self.picture_job, now=self.now)
        self._remember(Kind.NOTE, [record.name for record in self.new_notes], ids)
        self.notes.update(zip((record.name for record in self.new_notes), ids, strict=True))
        self.report.added["note"] += len(ids)
        self.report.note_ids += ids
        signals.notes_imported.send(sender=Note, note_ids=ids, now=self.now)

    def _write_follows(self) -> None:
        """A follow that was imported once stays as the two people have made it since."""
        digests = {f"{len(r.follower)}:{r.follower}{r.followed}": r for r in self.new_follows}
        named = {_short(key): record for key, record in digests.items()}
        new = self._not_yet(Kind.FOLLOW, named)
        self.report.there_already["follow"] += len(self.new_follows) - len(new)
        if not new:
            return
        rows = write_follows([named[digest] for digest in new], self.people)
        self._remember(Kind.FOLLOW, new, [None] * len(new))
        self.report.added["follow"] += len(new)
        signals.follows_imported.send(sender=ImportedRow, rows=rows, now=self.now)

    def _write_acts(self) -> None:
        by_digest = {record.digest: record for record in self.new_acts}
        new = self._not_yet(Kind.ACT, by_digest)
        self.report.there_already["interaction"] += len(self.new_acts) - len(new)
        acts = self._admitted([by_digest[digest] for digest in new])
        if not acts:
            return
        write_acts(acts)
        comments = write_comments(acts, self.comments)
        self.comments |= comments
        self._remember(Kind.COMMENT, list(comments), list(comments.values()))
        self._remember(Kind.ACT, [act.record.digest for act in acts], [None] * len(acts))
        recount(acts)
        self.report.added["interaction"] += len(acts)
        rows = [
            (act.person, act.note, act.record.kind, act.record.value, act.record.at) for act in acts
        ]
        signals.interactions_imported.send(sender=ImportedRow, rows=rows, now=self.now)

    def _admitted(self, records: Sequence[ActRecord]) -> list[Act]:
        """Those that pass the gate, and answer nobody who did not."""
        acts = [Act(r, self.people[r.person], self.notes[r.note]) for r in records]
        refused, gone = turned_away(acts), set[str]()
        for act in acts:
            line, reply_to = act.record.line, act.record.reply_to
            if reply_to in gone:
                refused.setdefault(line, BadLine("reply_to: that comment was refused"))
            if line in refused:
                gone |= {act.record.name} - {""}
                self.note_of_comment.pop(act.record.name, None)
                self._refuse(line, str(refused[line]))
        return [act for act in acts if act.record.line not in refused]

    def _not_yet(self, kind: Kind, names: Iterable[str]) -> list[str]:
        wanted = list(names)
        rows = ImportedRow.objects.filter(source=self.source, kind=kind, external_id__in=wanted)
        known = set(rows.values_list("external_id", flat=True))
        return [name for name in wanted if name not in known]

    def _remember(self, kind: Kind, names: Sequence[str], ids: Sequence[int | None]) -> None:
        insert_rows(
            ImportedRow,
            ("source", "kind", "external_id", "object_id"),
            ((self.source, kind, name, pk) for name, pk in zip(names, ids, strict=True)),
        )


ACT_FIELDS = ("person", "note", "kind", "at", "value", "text", "id", "reply_to")


def digest_of(values: dict[str, Any]) -> str:
    """The same for the same interaction, as written: -3h stays -3h, whenever it is imported."""
    return _short("\x1f".join(str(values.get(field, "")) for field in ACT_FIELDS))


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()
