"""Every write about a person's address: asked, made, dropped, undone."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import signals
from accounts.errors import Conflict, Invalid
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate
from accounts.safety.services import end_other_sign_ins, end_tokens

from .models import UNDO_FOR, AddressChange

State = AddressChange.State
# Wishes by one person, and mails to one address: nobody's mailbox is filled from here.
ASKING_RATE, WRITING_RATE = Rate.parse("5/24h"), Rate.parse("3/24h")


class LinkIsOver(Conflict):
    """Used, too old, or overtaken. The same words for all: who may not know learns nothing."""

    status, code = 410, "link_is_over"
    message = _("This link no longer works: it was used, it is too old, or a newer one was sent.")


class AddressTaken(Conflict):
    code = "address_taken"
    message = _("Another account has confirmed this address meanwhile, so it cannot be yours here.")


def ask_for_change(*, person: User, new: str, now: datetime) -> AddressChange:
    """Write to both addresses; nothing else is different yet. Whether somebody else has the new
    one is not looked at here: the answer would tell who is a member. Raises Invalid, TooOften."""
    new = new.lower()
    if new == person.email.lower():
        raise Invalid(_("That is your address already."), field="email")
    _count(person, new)
    with transaction.atomic():
        drop_change(person=person, now=now)
        confirmed = EmailAddress.objects.filter(
            user=person, email__iexact=person.email, verified=True
        )
        change = AddressChange.objects.create(
            person=person,
            old=person.email,
            old_confirmed=confirmed.exists(),
            new=new,
            asked_at=now,
        )
        _announce(change, "asked", now)
    return change


def _count(person: User, new: str) -> None:
    for scope, who, rate in (
        ("address-change", f"person {person.pk}", ASKING_RATE),
        ("address-written", new, WRITING_RATE),
    ):
        allowance = take(scope=scope, who=who, rate=rate)
        if not allowance.allowed:
            raise TooOften(allowance.retry_in)


def drop_change(*, person: User, now: datetime) -> bool:
    """The wish is off, and with it the link to the new address; whether there was one."""
    asked = AddressChange.objects.filter(person=person, state=State.ASKED)
    return bool(asked.update(state=State.DROPPED, ended_at=now))


def make_change(*, person: User, change_id: int, now: datetime) -> None:
    """The new mailbox answered, and its person is signed in. Raises LinkIsOver, AddressTaken."""
    with transaction.atomic():
        change = AddressChange.objects.asked(now).filter(pk=change_id, person=person).first()
        asked = AddressChange.objects.filter(pk=change_id, state=State.ASKED)
        if change is None or not asked.update(state=State.MADE, made_at=now):
            raise LinkIsOver
        _give(person, change.new)
        _announce(change, "made", now)
        signals.account_changed.send(sender=User, person=person, what="email", now=now)


def undo_change(*, change_id: int, now: datetime) -> User:
    """The old mailbox says that it was somebody else.

    1. This change, and all that followed, is undone; the wish that waits is dropped.
    2. The old address is the account's again.
    3. The password opens nothing any more, and with it every session ends; so do programs.

    Second steps stay: who lost only a mailbox must not lose them to whoever found it. The person
    chooses a new password. Raises LinkIsOver, AddressTaken; then nothing has changed.
    """
    with transaction.atomic():
        change = AddressChange.objects.undoable(now).filter(pk=change_id).first()
        if change is None:
            raise LinkIsOver
        person = User.objects.get(pk=change.person_id)
        standing = AddressChange.objects.filter(person=person, pk__gte=change.pk)
        standing = standing.exclude(state=State.UNDONE)
        if not standing.filter(pk=change.pk).update(state=State.UNDONE, ended_at=now):
            raise LinkIsOver
        standing.update(state=State.UNDONE, ended_at=now)
        if person.email != change.old:
            _give(person, change.old)
        person.set_unusable_password()
        person.save(update_fields=["password"])
        end_other_sign_ins(person=person, session_key=None)
        end_tokens(person=person)
        _announce(change, "undone", now)
        signals.account_changed.send(sender=User, person=person, what="email-back", now=now)
    return person


def _give(person: User, address: str) -> None:
    """Make it the one address of the account. Who only named it elsewhere and never answered from
    it loses it: the mailbox decides. Raises AddressTaken."""
    others = EmailAddress.objects.filter(email__iexact=address).exclude(user=person)
    if others.filter(verified=True).exists():
        raise AddressTaken
    others.delete()
    User.objects.filter(email__iexact=address).exclude(pk=person.pk).update(email="")
    EmailAddress.objects.filter(user=person).delete()
    try:
        with transaction.atomic():
            EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
            User.objects.filter(pk=person.pk).update(email=address)
    except IntegrityError:
        raise AddressTaken from None
    person.email = address


def belongs_to_another(address: str, person: User) -> bool:
    """Whether somebody else has answered from this address. For what is written to it only."""
    others = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return others.exclude(user=person).exists()


def forget_changes(*, now: datetime) -> int:
    """What can no longer be undone is nobody's business any more; how many that were."""
    recent = AddressChange.objects.since(now - UNDO_FOR).values("pk")
    return AddressChange.objects.exclude(pk__in=recent).delete()[0]


def _announce(change: AddressChange, what: str, now: datetime) -> None:
    signals.address_news.send(sender=User, change_id=change.pk, what=what, now=now)
