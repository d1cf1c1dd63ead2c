"""Write, publish, edit and delete notes.

A note starts as a draft; pictures are added to it (services/pictures.py); publishing checks that
there is something to publish and announces it. Nothing here knows feeds, search or notifications:
they listen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from community import signals
from community.brands.linking import link_products
from community.models import Channel, Note, NoteRevision, NoteStats, Place
from community.models.licence import Licence
from community.models.note import BODY_LENGTH, TITLE_LENGTH
from community.text.clean import clean_body, clean_line, is_blank
from community.text.language import guess_language

from .access import own_note
from .covers import take_back_shown
from .disclosing import checked_disclosure, require_label
from .pictures import keep_text_card_current
from .tagging import set_tags, shown_names, tag_names
from .versions import require_version
from .videos import cancel_video


@dataclass(frozen=True, kw_only=True)
class NoteContent:
    """What an author typed, as it came."""

    title: str = ""
    body: str = ""
    tags: Iterable[str] = field(default_factory=tuple)
    channel: Channel | None = None
    place: Place | None = None
    visibility: str = Note.Visibility.PUBLIC
    licence: str = Licence.RESERVED
    ai_made: bool = False
    # None: as the note has it.
    disclosure: str | None = None
    products: Iterable[int] | None = None


def save_draft(*, author: User, content: NoteContent, now: datetime | None = None) -> Note:
    """Start a draft. Raises Invalid."""
    now = now or timezone.now()
    title, body, names = checked_content(content)
    with transaction.atomic():
        note = Note.objects.create(
            author=author,
            title=title,
            body=body,
            channel=content.channel or fallback_channel(),
            place=content.place,
            visibility=content.visibility,
            licence=content.licence,
            ai_made=content.ai_made,
            disclosure=content.disclosure or Note.Disclosure.NONE,
            language=guess_language(f"{title}\n{body}"),
            created_at=now,
        )
        NoteStats.objects.create(note=note)
        set_tags(note, names)
        link_products(note, content.products or ())
    return note


def edit_note(
    *,
    author: User,
    note_id: int,
    content: NoteContent,
    version: str | None = None,
    now: datetime | None = None,
) -> Note:
    """Change a note; of a published one the former text is kept. `version` is that of the words
    the author had before them (services/versions.py). Raises Invalid, NotFound, Conflict."""
    now = now or timezone.now()
    title, body, names = checked_content(content)
    with transaction.atomic():
        note = own_note(author, note_id)
        if version is not None:
            require_version(note_id, version)
        if note.is_published:
            _check_worth_publishing(title, body, note)
            _keep_former_text(note, now)
            take_back_shown(note, why="edited", now=now)
        note.title, note.body = title, body
        note.channel = content.channel or note.channel
        note.place, note.visibility = content.place, content.visibility
        note.licence, note.ai_made = content.licence, content.ai_made
        if content.disclosure is not None:
            note.disclosure = content.disclosure
        note.language = guess_language(f"{title}\n{body}")
        note.edited_at = now if note.is_published else None
        note.revision += 1
        note.save()
        set_tags(note, names)
        if content.products is not None:
            link_products(note, content.products)
        if note.is_published:
            require_label(note)
            keep_text_card_current(note, now=now)
            signals.note_edited.send(sender=Note, note=note, now=now)
    return note


def publish_note(*, author: User, note_id: int, now: datetime | None = None) -> Note:
    """Publish a draft: once, whoever else tries. Raises Invalid, Conflict, NotFound, NotAllowed."""
    now = now or timezone.now()
    with transaction.atomic():
        note = own_note(author, note_id)
        if not author.is_active:
            raise NotAllowed(_("This account may not publish now."))
        check_publishable(note)
        changed = Note.objects.filter(pk=note.pk, state=Note.State.DRAFT).update(
            state=Note.State.PUBLISHED, published_at=now, revision=F("revision") + 1
        )
        if not changed:
            raise Conflict(_("This note is published already."))
        note.refresh_from_db()
        keep_text_card_current(note, now=now)
        signals.note_published.send(sender=Note, note=note, now=now)
    return note


def delete_note(*, author: User, note_id: int, now: datetime | None = None) -> None:
    """Take one's note away from everybody. Staff can bring it back. Raises NotFound."""
    now = now or timezone.now()
    with transaction.atomic():
        note = own_note(author, note_id)
        Note.objects.filter(pk=note.pk, deleted_at=None).update(
            deleted_at=now, revision=F("revision") + 1
        )
        cancel_video(note.pk)
        signals.note_withdrawn.send(sender=Note, note_id=note.pk, now=now)


def checked_content(content: NoteContent) -> tuple[str, str, list[str]]:
    """Cleaned title, body and tags; Invalid names the field that is too long."""
    # Cleaned before measured; one more than allowed is kept so that too long is told, not cut.
    title = clean_line(content.title, max_length=TITLE_LENGTH + 1)
    body = clean_body(content.body)
    if len(title) > TITLE_LENGTH:
        raise Invalid(
            _("A title has at most %(count)d characters.") % {"count": TITLE_LENGTH}, field="title"
        )
    if len(body) > BODY_LENGTH:
        raise Invalid(
            _("A text has at most %(count)d characters.") % {"count": BODY_LENGTH}, field="body"
        )
    if content.visibility not in Note.Visibility.values:
        raise Invalid(_("Choose who can see the note."), field="visibility")
    if content.licence not in Licence.values:
        raise Invalid(_("Choose a licence from the list."), field="licence")
    if content.channel is not None and not content.channel.is_open:
        raise Invalid(_("This channel is closed. Choose another."), field="channel")
    checked_disclosure(content.disclosure or Note.Disclosure.NONE)
    return title, body, tag_names(chosen=content.tags, title=title, body=body)


def check_publishable(note: Note) -> None:
    """Raises Invalid where the note, as it stands, could not be published."""
    _check_worth_publishing(note.title, note.body, note)
    require_label(note)
    if not note.is_published and not note.channel.is_open:
        raise Invalid(_("This channel is closed. Choose another."), field="channel")


def _check_worth_publishing(title: str, body: str, note: Note) -> None:
    """A note needs words or a picture that was not refused."""
    pictures = note.images.filter(is_text_card=False).exclude(state="refused")
    if is_blank(title) and is_blank(body) and not pictures.exists():
        raise Invalid(_("A note needs a title, a text or a picture."), field="title")


def _keep_former_text(note: Note, now: datetime) -> None:
    NoteRevision.objects.get_or_create(
        note=note,
        number=note.revision,
        defaults={
            "title": note.title,
            "body": note.body,
            "tags": list(shown_names(note)),
            "visibility": note.visibility,
            "replaced_at": now,
        },
    )


def fallback_channel() -> Channel:
    channel = Channel.objects.open().filter(slug="life").first() or Channel.objects.open().first()
    if channel is None:
        raise Invalid(_("This community has no open channel yet."), field="channel")
    return channel
