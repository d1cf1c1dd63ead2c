"""Conversations of a person and what they wrote in them. What others wrote is theirs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import FILES, Column, Row, tell, with_people
from community.own_data import NOTE_ID
from community.own_notes import largest
from community.services.kept_pictures import folder_of

from .models import (
    Conversation,
    HiddenMessage,
    Member,
    Message,
    MessagePicture,
    MessagingChoice,
)

CONVERSATION = "number of the conversation in this community"


def _with_pictures(person: User, page: list[Row]) -> None:
    """Pictures that were sent, in the largest JPEG that is kept."""
    rows = {row["message"]: row for row in page}
    for row in page:
        row["pictures"], row[FILES] = [], []
    ready = MessagePicture.objects.filter(message__in=rows, state=MessagePicture.State.READY)
    for picture in ready.order_by("message", "position", "pk"):
        if best := largest(picture.renditions, "jpeg"):
            row = rows[picture.message_id]
            name = f"messages/{picture.message_id}/{len(row[FILES]) + 1}.jpg"
            row["pictures"].append({"file": f"media/{name}", "alt": picture.alt})
            row[FILES].append((name, folder_of(picture) / best["filename"]))


tell(
    "conversations",
    _("Conversations in which you have a part."),
    models=["messaging.Member"],
    source=lambda person: Member.objects.filter(person=person),
    columns={
        "conversation": Column("conversation_id", CONVERSATION),
        "title": Column("conversation__title", "of a group"),
        "state": Column("state", "active, requested, declined or left"),
        "brought_by": Column("added_by_id", "username"),
        "at": Column("joined_at", WHEN),
        "last_at": Column("conversation__last_at", "when somebody last wrote"),
    },
    also=[with_people("brought_by")],
)
tell(
    "conversations_begun",
    _("Groups that you made."),
    models=["messaging.Conversation"],
    source=lambda person: Conversation.objects.filter(maker=person),
    columns={
        "conversation": Column("pk", CONVERSATION),
        "title": Column("title", "of a group"),
        "at": Column("created_at", WHEN),
    },
)
tell(
    "messages",
    _("What you wrote to others."),
    models=["messaging.Message"],
    source=lambda person: Message.objects.filter(sender=person),
    columns={
        "message": Column("pk", "number of the message in this community"),
        "conversation": Column("conversation_id", CONVERSATION),
        "body": Column("body", "what it said"),
        "note": Column("note_id", NOTE_ID),
        "event": Column("event", "what it tells of, where it is no words: joined, left and so on"),
        "at": Column("created_at", WHEN),
        "taken_back_at": Column("taken_back_at", WHEN),
    },
    also=[_with_pictures],
    added={"pictures": "file and alt of the pictures that went with it"},
)
tell(
    "messages_hidden",
    _("Messages that you deleted for yourself."),
    models=["messaging.HiddenMessage"],
    source=lambda person: HiddenMessage.objects.filter(person=person),
    columns={"message": Column("message_id", "number of the message in this community")},
)
tell(
    "message_settings",
    _("Whether you and others see what was read."),
    models=["messaging.MessagingChoice"],
    source=lambda person: MessagingChoice.objects.filter(person=person),
    columns={"shows_read": Column("shows_read", "whether read marks are on")},
)
