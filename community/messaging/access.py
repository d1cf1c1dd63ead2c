"""Fetch what a person may act on in conversations; NotFound for everything else, there or not."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import Blocked, NotFound
from accounts.guardians.services import strangers_may_write
from accounts.models import Block, Follow, Profile, User

from .models import Conversation, Member, Message
from .rules import Standing, Verdict, may_write

State = Member.State


def conversation_for(person: User, conversation_id: int) -> Conversation:
    """The conversation, if the person has a part in it or is asked to. Raises NotFound.

    With `closed`: a block stands between the two people of it.
    """
    rows = Conversation.objects.open_to(person).with_closed(person)
    found = rows.filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def locked_conversation(person: User, conversation_id: int) -> Conversation:
    """The same until the transaction ends: what is said in it gets its place one by one."""
    Conversation.objects.select_for_update(no_key=True).filter(pk=conversation_id).first()
    return conversation_for(person, conversation_id)


def part_of(person: User, conversation: Conversation) -> Member:
    """The person's row. Raises NotFound."""
    row = Member.objects.filter(conversation=conversation, person=person.pk).first()
    if row is None:
        raise NotFound
    return row


def other_of(person: User, conversation: Conversation) -> Member:
    """Of two people's: the other one's row, with person and profile. Raises NotFound."""
    rows = Member.objects.filter(conversation=conversation).exclude(person=person.pk)
    row = rows.select_related("person__profile").first()
    if row is None:
        raise NotFound
    return row


def message_for(person: User, message_id: int) -> Message:
    """A message that the person reads. Raises NotFound."""
    rows = Message.objects.readable_by(person).select_related("conversation", "sender__profile")
    message = rows.filter(pk=message_id).first()
    if message is None:
        raise NotFound
    conversation_for(person, message.conversation_id)
    return message


def pair_key_of(one_id: int, other_id: int) -> str:
    return f"{min(one_id, other_id)}:{max(one_id, other_id)}"


def standing_between(sender: User, receiver: User, *, accepted: bool) -> Standing:
    """What `rules.may_write` asks for, as the rows are now."""
    between = Q(blocker=sender, blocked=receiver) | Q(blocker=receiver, blocked=sender)
    present = User.objects.present().filter(pk__in=[sender.pk, receiver.pk])
    profile = Profile.objects.filter(pk=receiver.pk).first()
    return Standing(
        both_present=present.count() == 2,
        blocked=Block.objects.filter(between).exists(),
        accepted=accepted,
        followed=Follow.objects.filter(follower=receiver, followed=sender).exists(),
        allows=profile.may_message if profile else Profile.MayMessage.NOBODY,
        strangers_allowed=profile is not None and strangers_may_write(profile),
    )


def why_not_begin(sender: User, person: User) -> str:
    """The sentence that stands in the place of a form which would be refused; nothing where one
    may write, and where the two have talked: their conversation says itself what is possible."""
    key = pair_key_of(sender.pk, person.pk)
    if sender.pk == person.pk or Conversation.objects.filter(pair_key=key).exists():
        return ""
    verdict = may_write(standing_between(sender, person, accepted=False))
    return str(refusal_of(person)) if verdict == Verdict.REFUSED else ""


def refusal_of(person: User) -> Blocked:
    """Whether it is a block or their choice is not told."""
    told = _("You cannot write to %(name)s.") % {"name": person.profile.name}
    return Blocked(told, code="cannot_write")
