"""Lines of a thread as one reader sees them: words, pictures, note cards, read marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from community.covers import as_seen
from community.models import Note, NoteImage, Share
from community.pictures_shown import CoverPicture, picture_of
from community.rich_text import known_mentions, linked

from .keeping import shows_read
from .models import Conversation, Member, Message, MessagePicture, MessagingChoice
from .reading import members_of
from .wording import event_told

LINES_A_PAGE = 40
# An open page that was never left shows at most so many; above them it says that there are more.
LINES_AT_MOST = 200
State = Member.State


@dataclass(frozen=True, slots=True)
class NoteCard:
    """A note that the reader may see; `address` is the sender's link where there is one."""

    note: Note
    cover: CoverPicture | None
    link: str


@dataclass(slots=True)
class Line:
    """A message as one reader sees it."""

    message: Message
    is_mine: bool
    body: SafeString | str
    told: str
    card: NoteCard | None
    pictures: list[dict[str, Any]]
    day: date
    begins_day: bool = False
    names_sender: bool = False
    read_by: list[str] = field(default_factory=list)

    @property
    def note_is_gone(self) -> bool:
        return self.message.has_note and self.card is None


def page_of_lines(
    person: User, conversation: Conversation, *, before: int | None = None, start: int | None = None
) -> tuple[list[Line], int | None]:
    """The newest lines, or those before a message, or all from a message on; oldest first, and the
    id before which older ones are (None: none)."""
    rows = Message.objects.readable_by(person).filter(conversation=conversation)
    most = LINES_A_PAGE
    if before is not None:
        rows = rows.filter(pk__lt=before)
    elif start is not None:
        rows, most = rows.filter(pk__gte=start), LINES_AT_MOST
    found = list(rows.with_all().order_by("-pk")[: most + 1])
    more = len(found) > most
    shown = found[:most][::-1]
    lines = lines_of(shown, person, is_group=conversation.is_group)
    return lines, shown[0].pk if more else None


def lines_of(messages: Sequence[Message], person: User, *, is_group: bool) -> list[Line]:
    """Any number of lines in a fixed number of statements; each note passes the gate here."""
    known = known_mentions(person, (m.body for m in messages if not m.event))
    cards = note_cards(messages, person)
    lines: list[Line] = []
    for message in messages:
        is_mine = message.sender_id == person.pk
        said = linked(message.body, known=known) if not message.event else ""
        day = timezone.localtime(message.created_at).date()
        line = Line(message, is_mine, said, event_told(message, person), cards.get(message.pk),
                    [_picture(p) for p in message.pictures.all()], day)  # fmt: skip
        last = lines[-1] if lines else None
        line.begins_day = last is None or last.day != day
        same = last is not None and last.message.sender_id == message.sender_id
        follows = same and not last.message.event and not line.begins_day  # type: ignore[union-attr]
        line.names_sender = is_group and not is_mine and not message.event and not follows
        lines.append(line)
    return lines


def _picture(picture: MessagePicture) -> dict[str, Any]:
    return {"row": picture, "shown": picture_of(picture)}


def note_cards(messages: Sequence[Message], person: User) -> dict[int, NoteCard]:
    """By message: cards of the notes that this person may see now. Three statements, or none."""
    wanted = {m.note_id for m in messages if m.note_id}
    if not wanted:
        return {}
    seen = Note.objects.visible_to(person).filter(pk__in=wanted).with_card()
    notes = {note.pk: note for note in seen}
    links = Share.objects.filter(
        person__in={m.sender_id for m in messages if m.note_id}, note__in=notes
    )
    tokens: dict[Any, str] = {(link.person_id, link.note_id): link.token for link in links}
    return {
        m.pk: NoteCard(
            notes[m.note_id],
            _cover(notes[m.note_id], person),
            tokens.get((m.sender_id, m.note_id), ""),
        )
        for m in messages
        if m.note_id in notes
    }


def _cover(note: Note, person: User) -> CoverPicture | None:
    images: list[NoteImage] = as_seen(
        note.images.all(),
        role=lambda image: image.second_cover,
        note_id=note.pk,
        author_id=note.author_id,
        viewer_id=person.pk,
    )
    return picture_of(images[0]) if images else None


def picture_for(person: User, token: str) -> MessagePicture | None:
    """A picture in a message that this person reads, as somebody who takes part; asked is not
    enough."""
    inside = Member.objects.filter(person=person.pk, state=State.ACTIVE)
    read = Message.objects.readable_by(person).filter(
        conversation__in=inside.values("conversation")
    )
    rows = MessagePicture.objects.filter(
        token=token, message__in=read, state=MessagePicture.State.READY
    )
    return rows.first()


# ---------------------------------------------------------------- read marks
def set_read_marks(lines: list[Line], person: User, conversation: Conversation) -> None:
    """Under the newest of one's own lines that others have read, who has: where both show what
    they have read, and never while a request waits."""
    own = [line for line in lines if line.is_mine and not line.message.event]
    if not own or not shows_read(person.pk):
        return
    others = [m for m in members_of([conversation.pk], person).get(conversation.pk, [])
              if m.person_id != person.pk and m.state == State.ACTIVE]  # fmt: skip
    hides = set(
        MessagingChoice.objects.filter(
            pk__in=[m.person_id for m in others], shows_read=False
        ).values_list("pk", flat=True)
    )
    for member in others:
        read = [line for line in own if line.message.pk <= member.last_read]
        if read and member.person_id not in hides:
            read[-1].read_by.append(member.person.profile.name)
