"""Tell staff of a message: what it says is kept beside the report; nothing else is handed over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from community.moderation.models import Report
from community.moderation.reports import EXCERPT_LENGTH, report_person

from .access import message_for
from .models import Message


def report_message(
    *, reporter: User, message_id: int, reason: str, words: str = "", now: datetime | None = None
) -> Report:
    """Report what somebody wrote to one. Raises NotFound, Invalid, TooOften."""
    message = message_for(reporter, message_id)
    if message.sender_id == reporter.pk:
        raise Invalid(_("This is your own: take it back or delete it instead."))
    return report_person(
        reporter=reporter,
        person_id=message.sender_id,
        reason=reason,
        words=words,
        about=f"message {message.pk}",
        excerpt=excerpt_of(message),
        now=now,
    )


def excerpt_of(message: Message) -> str:
    """Its words, and that there was more than words. Staff opens no conversation."""
    parts = [message.body]
    if message.note_id:
        parts.append(f"[note {message.note_id}]")
    parts += [f"[picture {picture.token}]" for picture in message.pictures.all()]
    return "\n".join(part for part in parts if part)[:EXCERPT_LENGTH] or "-"
