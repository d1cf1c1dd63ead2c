"""Transfers: a person says what they sent, staff who see it on the bank's statement confirm it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User

from . import services, signals
from .models import Transfer

State = Transfer.State
MAY_DECIDE = "wallet.decide_transfer"
MOST_WAITING = 5


class DecidedAlready(Conflict):
    code = "decided_already"
    message = _("This transfer was decided already.")


@transaction.atomic
def ask(*, person: User, amount: int, reference: str, now: datetime) -> Transfer:
    """Say that money is on its way. Asking the same again changes nothing. Raises Invalid,
    Conflict where too many wait."""
    reference = " ".join(reference.split())
    if not reference or len(reference) > 80:
        raise Invalid(_("Write the reference that stands on your transfer."), field="reference")
    services.check_amount(amount)
    # Two requests count one after the other.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    waiting = Transfer.objects.filter(person=person, state=State.WAITING)
    same = waiting.filter(amount=amount, reference=reference).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_WAITING:
        raise Conflict(_("Some transfers of yours are waiting already. Please wait for those."))
    return Transfer.objects.create(person=person, amount=amount, reference=reference, asked_at=now)


@transaction.atomic
def confirm(*, transfer_id: int, by: User, now: datetime) -> Transfer:
    """The money is there. Raises NotAllowed, DecidedAlready."""
    transfer = _for_staff(transfer_id, by)
    entry = services.top_up(
        person=transfer.person,
        amount=transfer.amount,
        key=f"transfer:{transfer.pk}",
        source="transfer",
        by=by,
        remark=transfer.reference,
        now=now,
    )
    return _decide(transfer, State.CONFIRMED, by=by, now=now, entry=entry)


@transaction.atomic
def refuse(*, transfer_id: int, by: User, reason: str, now: datetime) -> Transfer:
    """It did not come; the reason is told to the person. Raises NotAllowed, DecidedAlready,
    Invalid."""
    transfer = _for_staff(transfer_id, by)
    if not reason.strip():
        raise Invalid(_("Write a reason: it is told to the person."), field="reason")
    return _decide(transfer, State.REFUSED, by=by, now=now, reason=reason.strip())


def _for_staff(transfer_id: int, by: User) -> Transfer:
    if not by.has_perm(MAY_DECIDE):
        raise NotAllowed
    transfer = Transfer.objects.select_related("person").filter(pk=transfer_id).first()
    if transfer is None:
        raise NotFound
    if transfer.person_id == by.pk:
        raise NotAllowed(_("Your own transfer is for somebody else to decide."))
    if transfer.state != State.WAITING:
        raise DecidedAlready
    return transfer


def _decide(transfer: Transfer, state: State, *, by: User, now: datetime, **facts: Any) -> Transfer:
    """Compare-and-set: of two who decide at once one is told, and what they booked is undone."""
    waiting = Transfer.objects.filter(pk=transfer.pk, state=State.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=now, **facts):
        raise DecidedAlready
    transfer.refresh_from_db()
    signals.transfer_decided.send(sender=Transfer, transfer=transfer, now=now)
    return transfer
