"""One's own side of a conversation: what one has read, deletes for oneself, takes back, shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.models import User

from .access import conversation_for, locked_conversation, message_for
from .models import HiddenMessage, Member, Message, MessagePicture, MessagingChoice

TAKE_BACK_WITHIN = timedelta(minutes=15)


def mark_read(*, person: User, conversation_id: int, up_to: int | None = None) -> int:
    """The person has read up to this message, or all; how many are unread now. Never backwards,
    and never beyond what there is. Raises NotFound."""
    conversation = conversation_for(person, conversation_id)
    lines = Message.objects.readable_by(person).filter(conversation=conversation)
    if up_to is not None:
        lines = lines.filter(pk__lte=up_to)
    newest = lines.aggregate(newest=Max("pk"))["newest"] or 0
    behind = Member.objects.filter(conversation=conversation, person=person, last_read__lt=newest)
    behind.update(last_read=newest)
    return Message.objects.unread_by(person).filter(conversation=conversation).count()


def hide_message(*, person: User, message_id: int) -> None:
    """Delete a message for oneself; others keep it. Raises NotFound."""
    message = message_for(person, message_id)
    HiddenMessage.objects.get_or_create(person=person, message=message)


def clear_conversation(*, person: User, conversation_id: int) -> None:
    """Delete all that was said so far for oneself: it is listed again when something is said."""
    with transaction.atomic():
        conversation = locked_conversation(person, conversation_id)
        last = conversation.messages.aggregate(last=Max("pk"))["last"] or 0
        Member.objects.filter(conversation=conversation, person=person).update(
            cleared_up_to=last, last_read=last
        )


def take_back(*, sender: User, message_id: int, now: datetime | None = None) -> Message:
    """Take one's own words back for everybody: what stays is that something was taken back.

    Raises NotFound, NotAllowed (another's, or an event), Conflict (too late).
    """
    now = now or timezone.now()
    with transaction.atomic():
        message = message_for(sender, message_id)
        if message.sender_id != sender.pk or message.event:
            raise NotAllowed
        if message.taken_back_at is not None:
            return message
        if now - message.created_at > TAKE_BACK_WITHIN:
            raise Conflict(_("It is too late to take this back. You can delete it for yourself."))
        for picture in MessagePicture.objects.filter(message=message):
            picture.delete()
        Message.objects.filter(pk=message.pk, taken_back_at=None).update(
            taken_back_at=now, body="", note=None, has_note=False
        )
    message.refresh_from_db()
    return message


def shows_read(person_id: int) -> bool:
    hides = MessagingChoice.objects.filter(pk=person_id, shows_read=False)
    return not hides.exists()


def choose_read_marks(*, person: User, shows: bool) -> None:
    MessagingChoice.objects.update_or_create(person=person, defaults={"shows_read": shows})
