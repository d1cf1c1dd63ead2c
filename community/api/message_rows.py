"""Conversations and messages as JSON, any number of them in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.api.people_rows import author_json
from accounts.models import User
from community.messaging.lines import Line, lines_of, set_read_marks
from community.messaging.models import Conversation, Member, Message, MessagePicture
from community.messaging.reading import members_of, rows_of

from .note_rows import notes_json


def conversations_json(
    conversations: Sequence[Conversation], *, person: User, base: str
) -> list[dict[str, Any]]:
    """Of a list that `reading.listed_for` made."""
    ids = [conversation.pk for conversation in conversations]
    members = members_of(ids, person)
    mine = Member.objects.filter(conversation__in=ids, person=person)
    states = dict(mine.values_list("conversation", "state"))
    return [
        {
            "id": row.conversation.pk,
            "url": f"{base}{row.conversation.get_absolute_url()}",
            "is_group": row.conversation.is_group,
            "title": row.title,
            "members": [
                {"person": person_json(member.person, base), "state": _shown_state(member, person)}
                for member in members.get(row.conversation.pk, [])
            ],
            "state": states.get(row.conversation.pk, ""),
            "closed": row.closed,
            "last": row.line,
            "last_at": row.conversation.last_at,
            "unread": row.unread,
        }
        for row in rows_of(conversations, person)
    ]


def _shown_state(member: Member, person: User) -> str:
    """A refusal is silent: it looks like a request that waits."""
    declined = member.state == Member.State.DECLINED and member.person_id != person.pk
    return Member.State.REQUESTED if declined else member.state


def messages_json(
    messages: Sequence[Message], *, person: User, conversation: Conversation, base: str
) -> list[dict[str, Any]]:
    """In the order given."""
    ordered = sorted(messages, key=lambda message: message.pk)
    lines = lines_of(ordered, person, is_group=conversation.is_group)
    set_read_marks(lines, person, conversation)
    by_id = {line.message.pk: line for line in lines}
    notes = list({line.card.note.pk for line in lines if line.card})
    shown = {note["id"]: note for note in notes_json(notes, viewer=person, base=base)}
    return [_message(by_id[message.pk], shown, base) for message in messages]


def _message(line: Line, notes: dict[int, dict[str, Any]], base: str) -> dict[str, Any]:
    message, card = line.message, line.card
    link = f"{base}{reverse('shared', args=[card.link])}" if card and card.link else ""
    return {
        "id": message.pk,
        "conversation": message.conversation_id,
        "sender": person_json(message.sender, base),
        "is_mine": line.is_mine,
        "body": "" if message.event else message.body,
        "event": message.event,
        "told": line.told,
        "note": notes.get(card.note.pk) if card else None,
        "has_note": message.has_note,
        "link": link,
        "pictures": [_picture(row, base) for row in message.pictures.all()],
        "taken_back": message.taken_back_at is not None,
        "read_by": line.read_by,
        "created_at": message.created_at,
    }


def _picture(row: MessagePicture, base: str) -> dict[str, Any]:
    folder = f"{base}{settings.MEDIA_URL}{row.media_folder}/{row.token}/"
    sides = ("format", "width", "height")
    return {
        "id": row.pk,
        "alt": row.alt,
        "state": row.state,
        "refusal": row.refusal,
        "width": row.width,
        "height": row.height,
        "placeholder": row.placeholder,
        "renditions": [
            {"url": folder + file["filename"]} | {side: file[side] for side in sides}
            for file in row.renditions
        ],
    }


def person_json(person: User, base: str) -> dict[str, Any]:
    profile = person.profile
    return author_json(
        username=person.username, display_name=profile.display_name, avatar=profile.avatar,
        base=base,
    )  # fmt: skip
