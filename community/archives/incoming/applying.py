"""Make notes and albums of items, through the services that everybody uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import User
from community import signals
from community.albums.services import AlbumContent, add_to_album, create_album
from community.archives.models import Brought, Intake
from community.media.limits import MAX_UPLOAD_BYTES
from community.models import Channel, Note, Place
from community.models.licence import Licence
from community.services.pictures import add_picture, keep_text_card_current
from community.services.places import find_or_create_place
from community.services.videos import add_video
from community.services.writing import NoteContent, check_publishable, save_draft

from .items import AlbumItem, FileRef, Item, Refused
from .zips import Box

# What is younger gets its first readers by being published here: it stays a draft.
OLD_ENOUGH = timedelta(days=7)


@dataclass
class Applier:
    """Takes items in for one person from one source. `troubles`: (number, reason), as they come."""

    person: User
    origin: str
    how: str
    box: Box
    now: datetime
    troubles: list[tuple[int, str | Promise]] = field(default_factory=list)

    def note(self, item: Item) -> bool:
        """False when it was brought before. Raises Refused where nothing of it can be taken."""
        key = self.key_of(item.key)
        before = Brought.objects.filter(person=self.person, key=key).select_related("note").first()
        if before is not None and before.complete:
            return False
        if before is not None and before.note is not None:
            before.note.delete()  # half made by a worker that died
        files = list(self._there(item))
        if not (item.title.strip() or item.body.strip() or files):
            raise Refused(_("There is nothing in it that could be a note."))
        brought = self._write(item, key)
        self._add_files(item, brought, files)
        self._finish(item, brought)
        return True

    def key_of(self, key: str) -> str:
        said = f"{self.origin}\x1f{key}"
        return blake2b(said.encode("utf-8", "replace"), digest_size=20).hexdigest()

    def _there(self, item: Item) -> Iterator[tuple[FileRef, str]]:
        """The files of an item that are in the archive; of the others it is said."""
        wanted = [item.video] if item.video else item.pictures
        for place, ref in enumerate(wanted, start=1):
            name = self.box.find(ref.name)
            if name is None:
                words = _("Its picture %(n)d is not in the file.") % {"n": place}
                self.troubles.append((item.number, words))
            else:
                yield ref, name

    def _write(self, item: Item, key: str) -> Brought:
        content = NoteContent(
            title=item.title,
            body=item.body,
            tags=tuple(item.tags),
            channel=Channel.objects.open().filter(slug=item.channel).first(),
            place=self._place(item),
            visibility=item.visibility,
            licence=item.licence if item.licence in Licence.values else Licence.RESERVED,
            ai_made=item.ai_made,
            disclosure=item.disclosure or None,
        )
        try:
            with transaction.atomic():
                note = save_draft(author=self.person, content=content, now=item.at or self.now)
                row, _new = Brought.objects.update_or_create(
                    person=self.person, key=key, defaults={"note": note, "complete": False}
                )
        except DomainError as refused:
            raise Refused(refused.text) from refused
        return row

    def _place(self, item: Item) -> Place | None:
        said = item.place or {}
        try:
            return find_or_create_place(
                name=str(said["name"]), city=str(said.get("city") or ""),
                latitude=said["latitude"], longitude=said["longitude"],
            )  # fmt: skip
        except (DomainError, KeyError):
            return None

    def _add_files(self, item: Item, brought: Brought, files: list[tuple[FileRef, str]]) -> None:
        for ref, name in files:
            try:
                self._add_file(item, brought, ref, name)
            except DomainError as refused:
                self.troubles.append((item.number, refused.text))
            except Refused as refused:
                self.troubles.append((item.number, refused.reason))

    def _add_file(self, item: Item, brought: Brought, ref: FileRef, name: str) -> None:
        note_id = brought.note_id
        if note_id is None:
            return
        largest = settings.VIDEO_LARGEST_BYTES if item.video else MAX_UPLOAD_BYTES
        add = add_video if item.video else add_picture
        with closing(self.box.copy(name, largest=largest)) as upload:
            add(author=self.person, note_id=note_id, upload=upload, name=name, alt=ref.alt)  # type: ignore[arg-type]

    def _finish(self, item: Item, brought: Brought) -> None:
        """Publish what is to be published, on its own day: no first readers are promised, nobody
        is told."""
        with transaction.atomic():
            note = Note.objects.select_for_update(no_key=True).get(pk=brought.note_id or 0)
            Brought.objects.filter(pk=brought.pk).update(complete=True)
            if not self._is_to_publish(item):
                return
            try:
                check_publishable(note)
            except DomainError as refused:
                self.troubles.append((item.number, refused.text))
                return
            Note.objects.filter(pk=note.pk).update(
                state=Note.State.PUBLISHED, published_at=item.at, revision=note.revision + 1
            )
            note.refresh_from_db()
            keep_text_card_current(note, now=self.now)
            signals.notes_imported.send(
                sender=Note, note_ids=[note.pk], now=self.now, by_their_author=True
            )

    def _is_to_publish(self, item: Item) -> bool:
        if self.how != Intake.How.PUBLISHED or item.is_draft or item.at is None:
            return False
        if item.at <= self.now - OLD_ENOUGH:
            return True
        words = _("It is younger than a week, so it waits among your drafts.")
        self.troubles.append((item.number, words))
        return False

    def album(self, item: AlbumItem) -> bool:
        """With those of its notes that were taken in. Raises Refused."""
        key = self.key_of(item.key)
        if Brought.objects.filter(person=self.person, key=key).exists():
            return False
        content = AlbumContent(
            title=item.title, about=item.about, visibility=item.visibility, order=item.order
        )
        try:
            with transaction.atomic():
                album = create_album(owner=self.person, content=content, now=self.now)
                Brought.objects.create(person=self.person, key=key, complete=True)
        except DomainError as refused:
            raise Refused(refused.text) from refused
        keys = {self.key_of(name): place for place, name in enumerate(item.notes)}
        rows = Brought.objects.filter(person=self.person, key__in=keys, note__isnull=False)
        for row in sorted(rows, key=lambda row: -keys[row.key]):
            note_id = row.note_id or 0
            if Note.objects.filter(pk=note_id).published().exists():
                add_to_album(actor=self.person, album_id=album.pk, note_id=note_id, now=self.now)
        return True
