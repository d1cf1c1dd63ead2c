"""Money in, set aside, earned, given back. Each once a key; the same key with other facts is
refused with a Conflict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict, Invalid
from accounts.models import User

from .models import FULL, MOST, Account, Entry, Hold

Kind = Account.Kind


class NotEnough(Conflict):
    code = "not_enough"
    message = _("There is not enough money in the wallet. Nothing was spent.")


class KeyUsed(Conflict):
    code = "key_used"
    message = _("This was done before with other facts.")


class TooMuch(Conflict):
    code = "too_much"
    message = _("No account holds so much money. Nothing was moved.")


@dataclass(frozen=True, slots=True)
class Balances:
    """What a person can spend, and what is set aside for what they ordered."""

    free: int
    held: int


def balance_of(person: User) -> int:
    """What the person can spend."""
    row = Account.objects.filter(kind=Kind.WALLET, person=person).values_list("balance", flat=True)
    return row.first() or 0


def balances_of(person: User) -> Balances:
    rows = dict(Account.objects.filter(person=person).values_list("kind", "balance"))
    return Balances(free=rows.get(Kind.WALLET, 0), held=rows.get(Kind.HELD, 0))


@transaction.atomic
def top_up(
    *,
    person: User,
    amount: int,
    key: str,
    source: str,
    by: User | None = None,
    remark: str = "",
    now: datetime,
) -> Entry:
    """Money that came in from outside."""
    return _move(
        Entry.Kind.TOP_UP,
        taken_from=_account(Kind.OUTSIDE),
        given_to=_account(Kind.WALLET, person),
        amount=amount,
        key=key,
        source=source,
        by=by,
        remark=remark,
        at=now,
    )[0]


@transaction.atomic
def pay_out(
    *, person: User, amount: int, key: str, by: User, remark: str = "", now: datetime
) -> Entry:
    """Money that left the community: paid at the bank by staff. Raises NotEnough."""
    return _move(
        Entry.Kind.PAY_OUT,
        taken_from=_account(Kind.WALLET, person),
        given_to=_account(Kind.OUTSIDE),
        amount=amount,
        key=key,
        source="bank",
        by=by,
        remark=remark,
        at=now,
    )[0]


@transaction.atomic
def hold(*, person: User, amount: int, key: str, about: str, now: datetime) -> Hold:
    """Set money aside. Raises NotEnough."""
    check_amount(amount)
    made, is_new = _once(Hold, key, person=person, amount=amount, about=about, defaults={"at": now})
    if is_new:
        _move(
            Entry.Kind.HOLD,
            taken_from=_account(Kind.WALLET, person),
            given_to=_account(Kind.HELD, person),
            amount=amount,
            key=f"hold:{made.pk}",
            hold=made,
            at=now,
        )
    return made


@transaction.atomic
def earn(*, hold: Hold, amount: int, key: str, now: datetime, to: User | None = None) -> Entry:
    """Take from what was set aside what was earned: by the community, or by the person `to`. Raises
    Invalid beyond what is left."""
    earner = _account(Kind.WALLET, to) if to is not None else _account(Kind.EARNED)
    return _from_hold(Entry.Kind.EARN, hold, earner, amount, key, now)


@transaction.atomic
def release(*, hold: Hold, key: str, now: datetime, amount: int | None = None) -> Entry | None:
    """Give back an amount, or all that is left; None where nothing is."""
    if amount is None:
        # Locked first: who waits here finds what the other did.
        amount = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk).left
        known = Entry.objects.filter(key=key).first()
        if known is not None:
            if (known.hold_id, known.kind) != (hold.pk, Entry.Kind.RELEASE):
                raise KeyUsed
            return known
        if amount == 0:
            return None
    wallet = _account(Kind.WALLET, hold.person)
    return _from_hold(Entry.Kind.RELEASE, hold, wallet, amount, key, now)


def _from_hold(
    kind: Entry.Kind, hold: Hold, given_to: Account, amount: int, key: str, now: datetime
) -> Entry:
    """Move a part of a hold, and note on the hold that it is gone."""
    check_amount(amount)
    left = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk).left
    if amount > left and not Entry.objects.filter(key=key).exists():
        raise Invalid(_("There is not so much left of what was set aside."), field="amount")
    held = _account(Kind.HELD, hold.person)
    entry, is_new = _move(
        kind, taken_from=held, given_to=given_to, amount=amount, key=key, hold=hold, at=now
    )
    if is_new:
        column = "earned" if kind == Entry.Kind.EARN else "released"
        Hold.objects.filter(pk=hold.pk).update(**{column: F(column) + amount})
        hold.refresh_from_db()
    return entry


# ---------------------------------------------------------------- moves
def _move(
    kind: Entry.Kind, *, taken_from: Account, given_to: Account, amount: int, key: str, **facts: Any
) -> tuple[Entry, bool]:
    """(the entry, whether it is new). Accounts are locked in one order, so that two moves between
    the same two never wait for each other."""
    check_amount(amount)
    said = {"kind": kind, "taken_from": taken_from, "given_to": given_to, "amount": amount}
    said |= {"hold": facts.pop("hold", None), "source": facts.pop("source", "")}
    entry, is_new = _once(Entry, key, **said, defaults=facts)
    if is_new:
        both = Account.objects.select_for_update(no_key=True).filter(
            pk__in=[taken_from.pk, given_to.pk]
        )
        list(both.order_by("pk"))
        _change(taken_from, -amount, refusal=TooMuch if taken_from.is_outside else NotEnough)
        _change(given_to, amount, refusal=TooMuch)
    return entry, is_new


def _change(account: Account, by: int, *, refusal: type[Conflict]) -> None:
    """Add to a balance within its bounds, or raise the refusal."""
    least = -FULL if account.is_outside else 0
    row = Account.objects.filter(pk=account.pk, balance__gte=least - by, balance__lte=FULL - by)
    if not row.update(balance=F("balance") + by):
        raise refusal


def _once(model: Any, key: str, *, defaults: dict[str, Any], **said: Any) -> tuple[Any, bool]:
    """The row of this key, made if it is new. Raises KeyUsed where it says something else."""
    row = model.objects.filter(key=key).first()
    if row is None:
        try:
            with transaction.atomic():
                return model.objects.create(key=key, **said, **defaults), True
        except IntegrityError:
            row = model.objects.get(key=key)
    if any(getattr(row, name) != value for name, value in said.items()):
        raise KeyUsed
    return row, False


def _account(kind: Kind, person: User | None = None) -> Account:
    return Account.objects.get_or_create(kind=kind, person=person)[0]


def check_amount(amount: int) -> None:
    """Raises Invalid for what is no whole number of minor units from 1 to MOST."""
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= MOST:
        raise Invalid(_("An amount is a whole number of minor units above 0."), field="amount")
