"""Every write of joining: let in by an invitation, made to wait, accepted, refused."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import signals
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User

from .models import EntryRules, Invitation, Newcomer
from .rules import may_join

State = Newcomer.State


def use_invitation(*, code: str, now: datetime) -> Invitation:
    """Take one of an invitation's uses. Raises Invalid for one that is unknown, over or used up."""
    row = Invitation.objects.filter(code=_typed(code)).first()
    taken = row and Invitation.objects.good(now).filter(pk=row.pk).update(used=F("used") + 1)
    if row is None or not taken:
        raise Invalid(_why_not_good(row, now), field="invitation")
    return row


def check_invitation(*, code: str, now: datetime) -> None:
    """Whether somebody may still join with it. Raises ValidationError in words."""
    row = Invitation.objects.filter(code=_typed(code)).first()
    if row is None or not Invitation.objects.good(now).filter(pk=row.pk).exists():
        raise ValidationError(_why_not_good(row, now))


def _typed(code: str) -> str:
    return code.strip().upper()


def _why_not_good(row: Invitation | None, now: datetime) -> str:
    """Nobody guesses one of 31^10 codes: who has one may know what became of it."""
    if row is None:
        return str(_("This invitation is not good: look at each letter once more."))
    if row.expires_at is not None and row.expires_at <= now:
        return str(_("This invitation is not good any more: its time is over. Ask for another."))
    return str(_("This invitation is not good any more: it was used. Ask for another."))


def check_address(email: str, rules: EntryRules) -> None:
    """Whether an address is of a domain that may join. Raises ValidationError in words."""
    if not may_join(email, allowed=rules.allowed, blocked=rules.blocked):
        raise ValidationError(
            _("With an address of this domain one cannot join here. Use another address.")
        )


def receive(
    *,
    person: User,
    rules: EntryRules,
    proven: bool,
    now: datetime,
    words: str = "",
    invitation: Invitation | None = None,
) -> Newcomer | None:
    """Decide what becomes of an account that was just made. `proven`: the challenge was met, or
    none was asked. None: it is open at once and nothing is to be kept."""
    if proven and rules.mode == rules.Mode.OPEN:
        return None
    state = State.ACCEPTED
    if not proven:
        state = State.UNCONFIRMED
    elif rules.mode == rules.Mode.APPROVAL:
        state = State.WAITING
    with transaction.atomic():
        if state != State.ACCEPTED:
            User.objects.filter(pk=person.pk).update(is_active=False)
            person.is_active = False
        return Newcomer.objects.create(
            person=person, state=state, words=words, invitation=invitation, asked_at=now
        )


def confirm(*, person: User, now: datetime) -> bool:
    """The address is theirs: open the account, or let it wait where staff looks at everybody."""
    approval = EntryRules.current().mode == EntryRules.Mode.APPROVAL
    with transaction.atomic():
        moved = Newcomer.objects.filter(person=person, state=State.UNCONFIRMED).update(
            state=State.WAITING if approval else State.ACCEPTED, decided_at=now
        )
        if moved and not approval:
            User.objects.filter(pk=person.pk).update(is_active=True)
    return bool(moved)


def decide(*, newcomer_id: int, accept: bool, by: User, now: datetime) -> None:
    """Answer somebody who waits. Raises Conflict when they were answered, NotAllowed."""
    if not by.has_perm("entry.change_newcomer"):
        raise NotAllowed
    state = State.ACCEPTED if accept else State.REFUSED
    with transaction.atomic():
        waiting = Newcomer.objects.filter(pk=newcomer_id, state=State.WAITING)
        if not waiting.update(state=state, decided_at=now, decided_by=by):
            raise Conflict
        if accept:
            User.objects.filter(pk=newcomer_id).update(is_active=True)
        signals.newcomer_decided.send(sender=User, person_id=newcomer_id, accepted=accept, now=now)
