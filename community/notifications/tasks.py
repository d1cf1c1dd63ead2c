"""Doorbells: find whom to tell, and tell them. What was withdrawn meanwhile is told to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.names import name_key
from accounts.prepared import Prepared
from accounts.privacy import mentionable_by
from accounts.wallet import money
from accounts.wallet.models import Transfer
from community.models import Comment, Note
from community.outbox.jobs import handler
from community.outbox.schedule import periodic
from community.text.hashtags import find_mentions, possible_mentions

from . import digests, pushing
from .models import Notification
from .services import tell

Kind = Notification.Kind
# One text calls at most this many people.
MOST_TOLD = 20

AUTHOR = Prepared(
    lambda note: Note.objects.published().filter(pk=note).values_list("author_id", flat=True), int
)


@handler("notify.reaction")
def reaction(*, actor: int, note: int, kind: str, at: str) -> None:
    author = AUTHOR.first(note)
    if author is not None:
        tell(person_id=author, kind=kind, actor_id=actor, note_id=note, now=_time(at))


@handler("notify.comment_like")
def comment_like(*, actor: int, comment: int, at: str) -> None:
    row = Comment.objects.filter(pk=comment, deleted_at=None).first()
    if row is not None:
        tell(
            person_id=row.author_id,
            kind=Kind.COMMENT_LIKE,
            actor_id=actor,
            note_id=row.note_id,
            comment_id=row.pk,
            now=_time(at),
        )


@handler("notify.comment")
def comment(*, comment: int, at: str) -> None:
    """The note's author, the person answered, and everybody mentioned: each once."""
    row = (
        Comment.objects.select_related("note", "reply_to")
        .filter(pk=comment, deleted_at=None)
        .first()
    )
    if row is None:
        return
    told: dict[int, str] = dict.fromkeys(mentioned(row.body, by=row.author_id), Kind.MENTION)
    told[row.note.author_id] = Kind.COMMENT
    if row.reply_to is not None:
        told[row.reply_to.author_id] = Kind.REPLY
    for person_id, kind in told.items():
        tell(
            person_id=person_id,
            kind=kind,
            actor_id=row.author_id,
            note_id=row.note_id,
            comment_id=row.pk,
            now=_time(at),
        )


@handler("notify.mentions")
def mentions(*, note: int, at: str) -> None:
    row = Note.objects.published().filter(pk=note).first()
    if row is None:
        return
    for person_id in mentioned(f"{row.title}\n{row.body}", by=row.author_id):
        tell(
            person_id=person_id,
            kind=Kind.MENTION,
            actor_id=row.author_id,
            note_id=row.pk,
            now=_time(at),
        )


@handler("notify.follow")
def follow(*, actor: int, person: int, at: str) -> None:
    tell(person_id=person, kind=Kind.FOLLOW, actor_id=actor, now=_time(at))


@handler("notify.transfer")
def transfer(*, transfer: int) -> None:
    """What became of money that somebody sent; the decision's time tells a second run."""
    row = Transfer.objects.filter(pk=transfer).exclude(decided_at=None).first()
    if row is None or row.decided_at is None:
        return
    arrived = row.state == Transfer.State.CONFIRMED
    kind = Kind.ARRIVED if arrived else Kind.NOT_ARRIVED
    words = ": ".join(filter(None, [f"{money.show(row.amount)}, {row.reference}", row.reason]))
    told = Notification.objects.filter(person=row.person_id, kind=kind, created_at=row.decided_at)
    if not told.exists():
        tell(person_id=row.person_id, kind=kind, words=words, now=row.decided_at)


def mentioned(text: str, *, by: int) -> list[int]:
    """People whose names stand behind an @ in the text and who let this author mention them; the
    longest name that exists is meant."""
    keys = {name_key(name) for name in possible_mentions(text)}
    listening = mentionable_by(by).filter(username_key__in=keys)
    people = listening.values_list("username", "pk")
    by_name = {username.casefold(): pk for username, pk in people[:MOST_TOLD]}
    return [by_name[name] for name in _names_in(text, by_name) if name in by_name]


def _names_in(text: str, known: dict[str, int]) -> list[str]:
    return [name.casefold() for name in find_mentions(text, known=known)]


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at)


# Not atomic: a write transaction must not wait for a mail server.
@handler(digests.SEND, queue="mail", atomic=False)
def send_digests() -> None:
    digests.send_due(now=timezone.now())


@periodic("notify.digests", slot=timedelta(seconds=60))
def note_digests() -> int:
    return digests.note_due(now=timezone.now())


@handler(pushing.SEND, queue="push", atomic=False)
def send_pushes() -> None:
    pushing.send_due(now=timezone.now())


@periodic("notify.pushes", slot=timedelta(seconds=10))
def ring_for_pushes() -> bool:
    return pushing.ring_if_due(now=timezone.now())


@periodic("notify.forget", slot=timedelta(hours=1))
def forget() -> int:
    now = timezone.now()
    return digests.forget(now=now) + pushing.forget(now=now)
