"""Groups: make one, bring people in, rename it, leave, remove somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import CannotTieToSelf, Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.services import person_for
from community.text.clean import clean_line, is_blank

from .access import conversation_for, locked_conversation, pair_key_of, part_of, standing_between
from .models import Conversation, Member, Message
from .rules import MOST_MEMBERS, TITLE_LENGTH, Verdict, may_write
from .services import (
    Said,
    count_message,
    count_request,
    note_event,
    send_message,
    tell_of_request,
)

State, Event = Member.State, Message.Event


def make_group(
    *,
    maker: User,
    title: str,
    usernames: Sequence[str],
    said: Said | None = None,
    now: datetime | None = None,
) -> Conversation:
    """A group with these people in it, or asked into it, and what is said first. Raises NotFound,
    Invalid, NotAllowed, TooOften."""
    now = now or timezone.now()
    name = _checked_title(title)
    if said is None:
        count_message(maker, now)
    people = {person.pk: person for person in (_somebody(maker, name) for name in usernames)}
    people.pop(maker.pk, None)
    if not people:
        raise Invalid(_("Say who is in it."), field="to")
    with transaction.atomic():
        group = Conversation.objects.create(title=name, maker=maker, created_at=now, last_at=now)
        Member.objects.create(conversation=group, person=maker, state=State.ACTIVE, joined_at=now)
        note_event(group, maker, Event.MADE, now)
        for person in people.values():
            _bring_in(group, maker, person, now)
        if said is not None:
            send_message(sender=maker, conversation_id=group.pk, said=said, now=now)
    return group


def add_member(
    *, actor: User, conversation_id: int, username: str, now: datetime | None = None
) -> Member:
    """Bring somebody in; a stranger is asked. By any member. Raises NotFound, NotAllowed,
    Conflict, Invalid, TooOften."""
    now = now or timezone.now()
    with transaction.atomic():
        group = _group_of(actor, conversation_id)
        return _bring_in(group, actor, _somebody(actor, username), now)


def _bring_in(group: Conversation, actor: User, person: User, now: datetime) -> Member:
    if person.pk == actor.pk:
        raise CannotTieToSelf(field="username")
    known = Member.objects.filter(conversation=group, person=person).first()
    if known is not None and known.state != State.LEFT:
        raise Conflict(_("They were asked already."), field="username")
    inside = Member.objects.filter(conversation=group, state__in=Member.TAKING_PART)
    if inside.count() >= MOST_MEMBERS:
        told = _("A group has at most %(count)d members.") % {"count": MOST_MEMBERS}
        raise Invalid(told, field="username", code="too_many")
    verdict = may_write(standing_between(actor, person, accepted=_talk(actor, person)))
    if verdict == Verdict.REFUSED:
        told = _("You cannot bring %(name)s into a group.") % {"name": person.profile.name}
        raise Invalid(told, field="username", code="cannot_write")
    # Who left once is asked, whoever brings them back.
    direct = verdict == Verdict.DIRECT and known is None
    last = group.messages.aggregate(last=Max("pk"))["last"] or 0
    row, _made = Member.objects.update_or_create(
        conversation=group,
        person=person,
        defaults={
            "state": State.ACTIVE if direct else State.REQUESTED,
            "added_by": actor,
            "joined_at": now,
            "last_read": last,
            "cleared_up_to": last,
        },
    )
    if direct:
        note_event(group, actor, Event.ADDED, now, about=person)
    else:
        count_request(actor, now)
        tell_of_request(group, actor, person.pk, now)
    return row


def _talk(one: User, other: User) -> bool:
    """Whether the two have a conversation that both take part in."""
    rows = Member.objects.filter(
        conversation__pair_key=pair_key_of(one.pk, other.pk), state=State.ACTIVE
    )
    return rows.count() == 2


def rename_group(
    *, actor: User, conversation_id: int, title: str, now: datetime | None = None
) -> None:
    """By any member. Raises NotFound, NotAllowed, Invalid."""
    said = _checked_title(title)
    with transaction.atomic():
        group = _group_of(actor, conversation_id)
        if Conversation.objects.filter(pk=group.pk).exclude(title=said).update(title=said):
            note_event(group, actor, Event.RENAMED, now or timezone.now(), words=said)


def leave_group(*, person: User, conversation_id: int, now: datetime | None = None) -> None:
    """What was said there is theirs no longer. The last one to leave ends the group. Raises
    NotFound, NotAllowed (between two people: block, or delete for oneself)."""
    now = now or timezone.now()
    with transaction.atomic():
        group = _group_of(person, conversation_id)
        Member.objects.filter(conversation=group, person=person).update(state=State.LEFT)
        note_event(group, person, Event.LEFT, now)
        _pass_on(group, person.pk)


def remove_member(
    *, actor: User, conversation_id: int, username: str, now: datetime | None = None
) -> None:
    """Take somebody out, or take back that they were asked. Only who made the group. Raises
    NotFound, NotAllowed."""
    with transaction.atomic():
        group = _group_of(actor, conversation_id)
        if group.maker_id != actor.pk:
            raise NotAllowed
        inside = Member.objects.filter(conversation=group, state__in=Member.TAKING_PART)
        row = inside.select_related("person").filter(person__username__iexact=username).first()
        if row is None:
            raise NotFound
        if row.person_id == actor.pk:
            raise CannotTieToSelf
        was_inside = row.state == State.ACTIVE
        # They may come back, but nobody brings them in without asking.
        Member.objects.filter(pk=row.pk).update(state=State.LEFT)
        if was_inside:
            note_event(group, actor, Event.REMOVED, now or timezone.now(), about=row.person)


def _pass_on(group: Conversation, left_by: int) -> None:
    """The longest in it may remove people now; without anybody the group is over."""
    staying = Member.objects.filter(conversation=group, state=State.ACTIVE)
    first = staying.order_by("joined_at", "pk").first()
    if first is None:
        group.delete()
    elif group.maker_id in (left_by, None):
        Conversation.objects.filter(pk=group.pk).update(maker=first.person_id)


def check_group(actor: User, conversation_id: int) -> None:
    """Raises NotFound to who may not know of it, NotAllowed where it is no group to act in."""
    group = conversation_for(actor, conversation_id)
    if not group.is_group or part_of(actor, group).state != State.ACTIVE:
        raise NotAllowed


def _group_of(actor: User, conversation_id: int) -> Conversation:
    """The group, locked, for who takes part in it. Raises NotFound, NotAllowed."""
    group = locked_conversation(actor, conversation_id)
    check_group(actor, conversation_id)
    return group


def _somebody(actor: User, username: str) -> User:
    try:
        return person_for(actor, username.strip().removeprefix("@"))
    except NotFound as refusal:
        told = _("There is nobody of the name %(name)s.") % {"name": username[:60]}
        raise NotFound(told, field="username") from refusal


def _checked_title(title: str) -> str:
    said = clean_line(title, max_length=TITLE_LENGTH + 1)
    if is_blank(said):
        raise Invalid(_("A group needs a title."), field="title")
    if len(said) > TITLE_LENGTH:
        told = _("At most %(count)d characters.") % {"count": TITLE_LENGTH}
        raise Invalid(told, field="title")
    return said
