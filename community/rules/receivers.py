"""What was written is looked at where it is announced, in its transaction: a rule that refuses
rolls all of it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts import signals as people
from accounts.models import User
from community import signals
from community.messaging.models import Message
from community.models import Comment, Note

from . import judging, pace, texts

PICTURES = frozenset({"pictures"})


@receiver(signals.note_published)
def published(note: Note, now: datetime, **_: Any) -> None:
    pace.check_notes(note.author, now=now)
    judging.judge_note(note, now=now, is_new=True)


@receiver(signals.note_edited)
def edited(note: Note, now: datetime, **_: Any) -> None:
    judging.judge_note(note, now=now, is_new=False)


@receiver(signals.notes_imported)
def imported(note_ids: list[int], now: datetime, by_their_author: bool = False, **_: Any) -> None:
    """What people bring with them is held where a rule says so; what operators import is theirs."""
    if by_their_author:
        for note in Note.objects.published().filter(pk__in=note_ids):
            judging.judge_note(note, now=now, is_new=True, may_refuse=False)


@receiver(signals.note_pictures_ready)
def pictures_ready(note: Note, now: datetime, **_: Any) -> None:
    """A picture has its hash only now; the note is out, so that it is held and not refused."""
    if note.is_published:
        judging.judge_note(note, now=now, is_new=False, may_refuse=False, kinds=PICTURES)


@receiver(signals.note_commented)
def commented(comment: Comment, now: datetime, **_: Any) -> None:
    pace.check_comments(comment.author, now=now)
    judging.judge_comment(comment, now=now)


@receiver(signals.message_sent)
def sent(message: Message, to_stranger: bool, now: datetime, **_: Any) -> None:
    judging.judge_message(message, to_stranger=to_stranger)


@receiver(people.profile_changed)
def profile_changed(person: User, now: datetime, **_: Any) -> None:
    fresh = User.objects.select_related("profile").get(pk=person.pk)
    judging.check_text(texts.of_profile(fresh, now=now))
