"""Tell people what happened to what is theirs. Only noted here; a worker finds whom to tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.signals import user_followed
from accounts.wallet.models import Transfer
from accounts.wallet.signals import transfer_decided
from community import signals
from community.models import Comment, Note
from community.outbox.jobs import enqueue

from .models import Notification

Kind = Notification.Kind
REACTIONS = {signals.note_liked: Kind.LIKE, signals.note_collected: Kind.COLLECT}


@receiver(list(REACTIONS))
def tell_of_reaction(signal: Any, person_id: int, note_id: int, now: datetime, **_: Any) -> None:
    enqueue(
        "notify.reaction", actor=person_id, note=note_id, kind=REACTIONS[signal], at=now.isoformat()
    )


@receiver(signals.comment_liked)
def tell_of_comment_like(person_id: int, comment: Comment, now: datetime, **_: Any) -> None:
    enqueue("notify.comment_like", actor=person_id, comment=comment.pk, at=now.isoformat())


@receiver(signals.note_commented)
def tell_of_comment(comment: Comment, now: datetime, **_: Any) -> None:
    enqueue("notify.comment", comment=comment.pk, at=now.isoformat())


@receiver(signals.note_published)
def tell_the_mentioned(note: Note, now: datetime, **_: Any) -> None:
    enqueue("notify.mentions", key=note.pk, note=note.pk, at=now.isoformat())


@receiver(user_followed)
def tell_of_follow(follower_id: int, followed_id: int, now: datetime, **_: Any) -> None:
    enqueue("notify.follow", actor=follower_id, person=followed_id, at=now.isoformat())


@receiver(transfer_decided)
def tell_of_transfer(transfer: Transfer, now: datetime, **_: Any) -> None:
    enqueue("notify.transfer", key=transfer.pk, transfer=transfer.pk)
