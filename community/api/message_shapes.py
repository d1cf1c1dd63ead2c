"""Shapes of what is sent and answered about conversations and messages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import PageQuery, StrictText, TrueOrFalse, Whole
from accounts.api.serializers import Author
from community.messaging.models import Member, Message
from community.messaging.rules import BODY_LENGTH, MOST_MEMBERS, TITLE_LENGTH
from community.models import NoteImage
from community.services.pictures import ALT_LENGTH

from .serializers import MAX_ID, NoteSerializer, Rendition

Shape = serializers.Serializer[Any]
SHELVES = ["open", "requests", "closed"]


class ConversationMember(Shape):
    person = Author()
    state = serializers.ChoiceField(choices=Member.State.values)


class ConversationSerializer(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The conversation's page.")
    is_group = serializers.BooleanField()
    title = serializers.CharField(help_text="Of a group; else the name of the other person.")
    members = ConversationMember(many=True)
    state = serializers.ChoiceField(
        choices=Member.State.values, help_text="Your part: requested until you answer."
    )
    closed = serializers.BooleanField(help_text="A block stands between the two.")
    last = serializers.CharField(help_text="What was said last, as one line.")
    last_at = serializers.DateTimeField()
    unread = serializers.IntegerField()


class MessagePictureShape(Shape):
    id = serializers.IntegerField()
    alt = serializers.CharField()
    state = serializers.ChoiceField(choices=NoteImage.State.values)
    refusal = serializers.CharField(help_text="Why it was refused; empty otherwise.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    placeholder = serializers.CharField()
    renditions = Rendition(many=True)


class MessageSerializer(Shape):
    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    sender = Author()
    is_mine = serializers.BooleanField()
    body = serializers.CharField()
    event = serializers.ChoiceField(
        choices=Message.Event.values, help_text="What happened to the group, where nothing is said."
    )
    told = serializers.CharField(help_text="The event as a sentence.")
    note = NoteSerializer(allow_null=True, help_text="A note that was sent, if you may see it now.")
    has_note = serializers.BooleanField(help_text="Whether one was sent, even if it is gone.")
    link = serializers.CharField(help_text="The sender's share link to the note, or nothing.")
    pictures = MessagePictureShape(many=True)
    taken_back = serializers.BooleanField()
    read_by = serializers.ListField(
        child=serializers.CharField(),
        help_text="Names of who has read up to here, where both sides show it.",
    )
    created_at = serializers.DateTimeField()


class UnreadMessages(Shape):
    unread = serializers.IntegerField()


class ConversationListQuery(PageQuery):
    shelf = serializers.ChoiceField(choices=SHELVES, default="open")


class NewConversationBody(Shape):
    to = serializers.ListField(
        child=StrictText(max_length=60), min_length=1, max_length=MOST_MEMBERS - 1,
        help_text="Usernames; one of them and no title: between two people.",
    )  # fmt: skip
    title = StrictText(max_length=TITLE_LENGTH, default="", allow_blank=True)
    body = StrictText(max_length=BODY_LENGTH)


class MessageBody(Shape):
    body = StrictText(max_length=BODY_LENGTH, default="", allow_blank=True)
    note = Whole(
        min_value=1, max_value=MAX_ID, required=False, allow_null=True, default=None,
        help_text="A note that you can see, sent as a card.",
    )  # fmt: skip


class MessagePictureBody(Shape):
    file = serializers.FileField()
    alt = serializers.CharField(max_length=ALT_LENGTH, default="", allow_blank=True)
    body = serializers.CharField(max_length=BODY_LENGTH, default="", allow_blank=True)


class GroupTitleBody(Shape):
    title = StrictText(max_length=TITLE_LENGTH)


class GroupMemberBody(Shape):
    username = StrictText(max_length=60)


class RequestAnswerBody(Shape):
    accept = TrueOrFalse()


class ReadUpToBody(Shape):
    up_to = Whole(
        min_value=1, max_value=MAX_ID, required=False,
        help_text="The newest message that was read; all of them when left out.",
    )  # fmt: skip
