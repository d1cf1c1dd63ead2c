"""Say something: to somebody, or in a conversation; answer a request; forward a note.

Whoever writes is asked for their part behind the lock of the conversation's row: so ids of its
messages rise in the order in which they are seen, and a limit holds however many press at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import CannotTieToSelf, Conflict, Invalid, NotAllowed, NotFound
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate
from accounts.services import person_for
from community import signals
from community.models import Note
from community.notifications.models import Notification
from community.notifications.reading import mark_leading_to_read
from community.notifications.services import tell
from community.services.access import published_note_for
from community.services.sharing import share_note
from community.text.clean import clean_body, is_blank

from . import pictures
from .access import (
    conversation_for,
    locked_conversation,
    other_of,
    pair_key_of,
    part_of,
    refusal_of,
    standing_between,
)
from .models import Conversation, Member, Message
from .rules import BODY_LENGTH, MOST_BEFORE_ANSWER, MOST_PICTURES, Verdict, may_write

NEW_ACCOUNT = timedelta(days=1)
MOST_FORWARDED = 8
State = Member.State


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody wants to say, as it came: any of the three, and what its form was given."""

    body: str = ""
    note_id: int | None = None
    # (file, what it was called)
    uploads: Sequence[tuple[BinaryIO, str]] = ()
    alt: str = ""
    once: str = ""

    @property
    def is_more_than_words(self) -> bool:
        return bool(self.uploads) or self.note_id is not None


# ---------------------------------------------------------------- saying
def write_to(*, sender: User, username: str, said: Said, now: datetime | None = None) -> Message:
    """Say something to a person, in the one conversation of the two, made on first use.

    Raises NotFound (nobody of this name that one may know of), Invalid, NotAllowed (they do not
    want it), Conflict (a request waits for an answer), TooOften.
    """
    now = now or timezone.now()
    receiver = person_for(sender, username)
    if receiver.pk == sender.pk:
        raise CannotTieToSelf
    body = _checked(said)
    count_message(sender, now)
    with pictures.kept(said.uploads) as tokens:
        conversation, is_new = _between(sender, receiver, now)
        if (done := _said_before(conversation, sender, said.once)) is not None:
            return done
        mine, theirs = part_of(sender, conversation), other_of(sender, conversation)
        if is_new or mine.state != State.ACTIVE:
            # Who writes to somebody whose request waits, or was refused, has changed their mind.
            _take_part(mine)
        verdict = _settle(conversation, sender, theirs, said, now, is_new=is_new)
        return _add(conversation, sender, body, said, tokens, now, verdict)


def send_message(
    *, sender: User, conversation_id: int, said: Said, now: datetime | None = None
) -> Message:
    """Say something in a conversation that one takes part in. Raises as `write_to` does."""
    now = now or timezone.now()
    conversation_for(sender, conversation_id)
    body = _checked(said)
    count_message(sender, now)
    with pictures.kept(said.uploads) as tokens:
        conversation = locked_conversation(sender, conversation_id)
        if (done := _said_before(conversation, sender, said.once)) is not None:
            return done
        if part_of(sender, conversation).state != State.ACTIVE:
            raise NotAllowed(_("Accept the request first, then write."))
        verdict = Verdict.DIRECT
        if not conversation.is_group:
            verdict = _settle(conversation, sender, other_of(sender, conversation), said, now)
        return _add(conversation, sender, body, said, tokens, now, verdict)


def _between(one: User, other: User, now: datetime) -> tuple[Conversation, bool]:
    """The conversation of the two, locked, and whether it is new. The unique key decides who of
    two at once makes it."""
    conversation, is_new = Conversation.objects.get_or_create(
        pair_key=pair_key_of(one.pk, other.pk),
        defaults={"maker": one, "created_at": now, "last_at": now},
    )
    if is_new:
        Member.objects.bulk_create(
            Member(conversation=conversation, person=person, state=state, joined_at=now)
            for person, state in ((one, State.ACTIVE), (other, State.REQUESTED))
        )
    Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    return conversation, is_new


def _settle(
    conversation: Conversation,
    sender: User,
    theirs: Member,
    said: Said,
    now: datetime,
    *,
    is_new: bool = False,
) -> Verdict:
    """Let the message through to the other one as agreed, as new, or as a request; or refuse."""
    accepted = not is_new and theirs.state == State.ACTIVE
    verdict = may_write(standing_between(sender, theirs.person, accepted=accepted))
    if verdict == Verdict.REFUSED:
        raise refusal_of(theirs.person)
    if verdict == Verdict.DIRECT:
        _take_part(theirs)
        return verdict
    if said.is_more_than_words:
        told = _("Only words, until they have answered your request.")
        raise NotAllowed(told, code="request_words_only")
    if is_new:
        count_request(sender, now)
        tell_of_request(conversation, sender, theirs.person_id, now)
    elif _waiting(conversation, sender) >= MOST_BEFORE_ANSWER:
        told = _("They have not answered your request yet. You can write more once they do.")
        raise Conflict(told, code="request_waits")
    return verdict


def _waiting(conversation: Conversation, sender: User) -> int:
    return Message.objects.filter(conversation=conversation, sender=sender, event="").count()


def _take_part(row: Member) -> None:
    Member.objects.filter(pk=row.pk).exclude(state=State.ACTIVE).update(state=State.ACTIVE)


def tell_of_request(
    conversation: Conversation, sender: User, person_id: int, now: datetime
) -> None:
    """Once a request, whatever is said in it."""
    tell(
        person_id=person_id,
        kind=Notification.Kind.MESSAGE,
        actor_id=sender.pk,
        words=gettext_lazy("Look at it, then accept or decline."),
        path=reverse("conversation", args=[conversation.pk]),
        now=now,
    )


def _add(
    conversation: Conversation,
    sender: User,
    body: str,
    said: Said,
    tokens: list[str],
    now: datetime,
    verdict: Verdict,
) -> Message:
    """1. The sharer's own link to the note, so that the chain is kept.  2. The message.  3. Its
    pictures, for the worker.  4. The conversation is the newest in every list.  5. Rules look."""
    if said.note_id is not None:
        share_note(person=sender, note_id=said.note_id, now=now)
    message = Message.objects.create(
        conversation=conversation,
        sender=sender,
        body=body,
        note_id=said.note_id,
        has_note=said.note_id is not None,
        once=said.once,
        created_at=now,
    )
    pictures.take_in(message, tokens, alt=said.alt, now=now)
    Conversation.objects.filter(pk=conversation.pk).update(last_at=now)
    Member.objects.filter(conversation=conversation, person=sender).update(last_read=message.pk)
    to_stranger = verdict == Verdict.REQUEST
    signals.message_sent.send(sender=Message, message=message, to_stranger=to_stranger, now=now)
    return message


def _said_before(conversation: Conversation, sender: User, once: str) -> Message | None:
    """The message that this form made already: a second press is the same press."""
    if not once:
        return None
    return Message.objects.filter(conversation=conversation, sender=sender, once=once).first()


def _checked(said: Said) -> str:
    """The words, cleaned. Raises Invalid."""
    body = clean_body(said.body)
    if len(body) > BODY_LENGTH:
        told = _("A message has at most %(count)d characters.") % {"count": BODY_LENGTH}
        raise Invalid(told, field="body")
    if is_blank(body) and not said.is_more_than_words:
        raise Invalid(_("Write something first."), field="body")
    if len(said.uploads) > MOST_PICTURES:
        told = _("A message has at most %(count)d pictures.") % {"count": MOST_PICTURES}
        raise Invalid(told, field="picture", code="too_many")
    for upload, name in said.uploads:
        pictures.check_upload(upload, name)
    return body


# ---------------------------------------------------------------- how often
def count_message(sender: User, now: datetime) -> None:
    """One more message. Raises TooOften."""
    is_new = now - sender.date_joined < NEW_ACCOUNT
    _count(sender, "message", settings.NEW_MESSAGE_RATE if is_new else settings.MESSAGE_RATE)


def count_request(sender: User, now: datetime) -> None:
    """One more stranger written to. Raises TooOften."""
    is_new = now - sender.date_joined < NEW_ACCOUNT
    rate = settings.NEW_MESSAGE_REQUEST_RATE if is_new else settings.MESSAGE_REQUEST_RATE
    _count(sender, "message-request", rate)


def _count(sender: User, scope: str, rate: str) -> None:
    allowance = take(scope=scope, who=f"person {sender.pk}", rate=Rate.parse(rate))
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)


# ---------------------------------------------------------------- answering
def answer_request(
    *, person: User, conversation_id: int, accept: bool, now: datetime | None = None
) -> None:
    """Once; whoever asked is not told of a refusal. Raises NotFound."""
    with transaction.atomic():
        conversation = locked_conversation(person, conversation_id)
        asked = Member.objects.filter(
            conversation=conversation, person=person, state=State.REQUESTED
        )
        if not asked.update(state=State.ACTIVE if accept else State.DECLINED):
            raise NotFound
        if accept and conversation.is_group:
            note_event(conversation, person, Message.Event.JOINED, now or timezone.now())
        path = reverse("conversation", args=[conversation.pk])
        mark_leading_to_read(person=person, path=path, now=now or timezone.now())


def note_event(
    conversation: Conversation,
    actor: User,
    event: str,
    now: datetime,
    *,
    about: User | None = None,
    words: str = "",
) -> Message:
    """What happened to a group stands among what is said in it."""
    message = Message.objects.create(
        conversation=conversation, sender=actor, event=event, about=about, body=words,
        created_at=now,
    )  # fmt: skip
    Conversation.objects.filter(pk=conversation.pk).update(last_at=now)
    return message


# ---------------------------------------------------------------- forwarding a note
def forward_into(
    *, sender: User, note_id: int, conversation_ids: Sequence[int], words: str = "", now: datetime
) -> int:
    """Send a note's card into conversations of one's own; how many. All of them or none.

    Raises NotFound, Invalid, NotAllowed, Conflict, TooOften.
    """
    note = published_note_for(sender, note_id)
    if note.visibility == Note.Visibility.PRIVATE:
        raise Invalid(_("Only you can see this note."), field="note")
    chosen = list(dict.fromkeys(conversation_ids))
    if not 1 <= len(chosen) <= MOST_FORWARDED:
        told = _("Choose one to %(count)d conversations.") % {"count": MOST_FORWARDED}
        raise Invalid(told, field="conversation")
    with transaction.atomic():
        for pk in chosen:
            said = Said(body=words, note_id=note_id)
            send_message(sender=sender, conversation_id=pk, said=said, now=now)
    return len(chosen)
