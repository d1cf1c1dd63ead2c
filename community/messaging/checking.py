"""What must hold between conversations, the people in them and what was said."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from .access import pair_key_of
from .models import Conversation, Member, Message, MessagePicture

TWO = 2
Found = Iterator[tuple[str, str, str]]


def conversation_differences() -> Found:
    """Conversations of two that others are in, and such as stand below their newest message."""
    people = Conversation.objects.exclude(pair_key="").annotate(
        people=Count("members"), one=Min("members__person"), other=Max("members__person")
    )
    # Of fewer, somebody's account is gone for good.
    named = people.filter(people__gte=TWO).values_list("pk", "pair_key", "people", "one", "other")
    for pk, key, count, one, other in named.iterator():
        if count > TWO or key != pair_key_of(one, other):
            yield f"conversation {pk}", f"of {key}", f"{count} people, {one} to {other}"
    newest = Conversation.objects.annotate(newest=Max("messages__created_at"))
    low = newest.filter(last_at__lt=F("newest")).values_list("pk", "last_at", "newest")
    for pk, said, found in low.iterator():
        yield f"conversation {pk}", f"last at {said}", str(found)


def message_differences() -> Found:
    """Messages of people who never had a part, that were taken back and still say something, or
    that brought a stranger more than words."""
    members = Member.objects.filter(conversation=OuterRef("conversation"))
    sender = members.filter(person=OuterRef("sender"))
    for pk in Message.objects.exclude(Exists(sender)).values_list("pk", flat=True):
        yield f"message {pk}", "in a conversation", "its sender never had a part"
    pictures = Exists(MessagePicture.objects.filter(message=OuterRef("pk")))
    more = Q(has_note=True) | Q(note__isnull=False) | pictures
    speaking = Message.objects.filter(~Q(body="") | more, taken_back_at__isnull=False)
    for pk in speaking.values_list("pk", flat=True):
        yield f"message {pk}", "taken back", "still says something"
    asked = members.filter(state=Member.State.REQUESTED).exclude(person=OuterRef("sender"))
    pushy = Message.objects.filter(more, Exists(asked)).exclude(conversation__pair_key="")
    for pk in pushy.values_list("pk", flat=True):
        yield f"message {pk}", "to somebody who has not accepted", "more than words"
