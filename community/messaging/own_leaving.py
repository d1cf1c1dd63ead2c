"""Messages go with who wrote them, and so do their pictures' files."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.owndata.leaving import BATCH, Stage, takes_away
from community.services import kept_pictures

from .models import Conversation, Member, Message, MessagePicture


@takes_away("pictures in messages", stage=Stage.WORDS)
def pictures(person: User, now: datetime) -> int:
    with transaction.atomic():
        found = list(MessagePicture.objects.filter(message__sender=person)[:BATCH])
        for picture in found:
            kept_pictures.forget(picture)
    return len(found)


@takes_away("messages", stage=Stage.WORDS)
def messages(person: User, now: datetime) -> int:
    with transaction.atomic():
        ids = list(Message.objects.filter(sender=person).values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=ids).delete()
    return len(ids)


@takes_away("conversations with nobody left", stage=Stage.REST)
def conversations(person: User, now: datetime) -> int:
    """Of whose members they are the only one: groups that others left, and those of two whose
    other one is gone."""
    others = Member.objects.filter(conversation=OuterRef("pk")).exclude(person=person)
    alone = Conversation.objects.filter(members__person=person).exclude(Exists(others))
    with transaction.atomic():
        ids = list(alone.values_list("pk", flat=True)[:BATCH])
        Conversation.objects.filter(pk__in=ids).delete()
    return len(ids)
