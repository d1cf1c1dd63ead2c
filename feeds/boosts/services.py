"""What buyers and reviewers do with orders.

Every move is a compare-and-set on the state with a line in the log, and the money moves in the
same transaction: an order that ended has been charged for what it delivered and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.wallet import services as wallet
from community.services.access import own_note
from feeds.policies import current

from . import checking
from .fitness import reasons_against
from .models import Boost, BoostStep
from .rules import Audience, Reason, State, price_of, sources_of
from .wording import AGAINST

REVIEW = "boosts.review_boost"
EVERYBODY = Audience()


class PriceMoved(Conflict):
    code = "price_moved"
    message = gettext_lazy("The price is another than the one you saw. Look at it again.")


class CannotMove(Conflict):
    code = "cannot_move"
    message = gettext_lazy("This boost is no longer where it was. Look at it again.")


class BoostedAlready(Conflict):
    code = "boosted_already"
    message = gettext_lazy("This note is being boosted already. Wait for that to end, or stop it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer asks for."""

    impressions: int
    starts_at: datetime
    ends_at: datetime
    audience: Audience = EVERYBODY
    daily_cap: int | None = None


# ---------------------------------------------------------------- buying
@transaction.atomic
def save_order(
    *, buyer: User, note_id: int, wanted: Wanted, now: datetime, instead_of: int | None = None
) -> Boost:
    """Write an order down, with nothing paid; `instead_of` an unpaid one of theirs, which is gone
    then. Raises NotFound, NotAllowed, Invalid."""
    note = own_note(buyer, note_id)
    refuse_unfit(note.pk)
    checking.check(wanted, note=note, now=now)
    boost = Boost.objects.create(
        buyer=buyer,
        note=note,
        title=str(note)[:120],
        state=State.DRAFT,
        impressions=wanted.impressions,
        audience=wanted.audience.to_json(),
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        daily_cap=wanted.daily_cap,
        zone=checking.zone_of(buyer),
        created_at=now,
    )
    _log(boost, State.DRAFT, by=buyer, reason=Reason.SAVED, at=now)
    if instead_of is not None:
        Boost.objects.of(buyer).filter(pk=instead_of, note=note, state=State.DRAFT).delete()
    return boost


def refuse_unfit(note_id: int) -> None:
    """Raises Invalid for a note that may not be boosted now."""
    reason = reasons_against([note_id]).get(note_id)
    if reason is not None:
        raise Invalid(AGAINST[reason], field="note", code=str(reason))


@transaction.atomic
def pay(*, buyer: User, boost_id: int, seen_total: int | None, now: datetime) -> Boost:
    """Hold the price in the buyer's wallet and send the order to review.

    `seen_total` is the price that the buyer saw. Paying what is paid changes nothing. Raises
    NotEnough, PriceMoved, BoostedAlready, CannotMove, Invalid.
    """
    boost = own_boost(buyer, boost_id)
    if boost.state == State.WAITING:
        return boost
    per_thousand = current()[1].boosts.per_thousand
    total = price_of(boost.impressions, per_thousand)
    if seen_total is not None and seen_total != total:
        raise PriceMoved
    if boost.note_id is not None:
        refuse_unfit(boost.note_id)
    checking.check_still_possible(boost, now=now)
    try:
        with transaction.atomic():
            paid = _move(
                boost,
                State.WAITING,
                by=buyer,
                reason=Reason.PAID,
                at=now,
                per_thousand=per_thousand,
                total=total,
                submitted_at=now,
            )
    except IntegrityError:
        raise BoostedAlready from None
    if not paid:  # another click was faster, or the order is over
        boost.refresh_from_db()
        if boost.state != State.WAITING:
            raise CannotMove
        return boost
    held = wallet.hold(
        person=buyer, amount=total, key=f"boost:{boost.pk}", about=f"boost:{boost.pk}", now=now
    )
    Boost.objects.filter(pk=boost.pk).update(hold=held)
    boost.refresh_from_db()
    return boost


def own_boost(buyer: User, boost_id: int) -> Boost:
    """The order, if it is this person's. Raises NotFound."""
    boost = Boost.objects.of(buyer).filter(pk=boost_id).first()
    if boost is None:
        raise NotFound
    return boost


def pause(*, buyer: User, boost_id: int, now: datetime) -> Boost:
    """No card is sent until it goes on; the period runs on. Raises CannotMove."""
    boost = _begun(own_boost(buyer, boost_id))
    return _turn(boost, State.PAUSED, by=buyer, reason=Reason.PAUSED, at=now)


def resume(*, buyer: User, boost_id: int, now: datetime) -> Boost:
    boost = _begun(own_boost(buyer, boost_id))
    if boost.state not in (State.PAUSED, State.RUNNING):
        raise CannotMove
    return _turn(boost, State.RUNNING, by=buyer, reason=Reason.RESUMED, at=now)


def _begun(boost: Boost) -> Boost:
    """Raises CannotMove for what a reviewer has not let in."""
    if boost.state in (State.DRAFT, State.WAITING):
        raise CannotMove(_("This boost does not run yet."))
    return boost


def stop(*, buyer: User, boost_id: int, now: datetime) -> Boost:
    """End it and give back what was not delivered. Stopping what is stopped changes nothing."""
    boost = own_boost(buyer, boost_id)
    if not close(boost, State.STOPPED, by=buyer, reason=Reason.STOPPED, now=now):
        boost.refresh_from_db()
        if boost.state != State.STOPPED:
            raise CannotMove
    return boost


# ---------------------------------------------------------------- review
def approve(*, boost_id: int, by: User, now: datetime) -> Boost:
    """Let it run from its start, or from now where that is past. Raises CannotMove, Invalid."""
    boost = _for_staff(boost_id, by)
    if boost.note_id is not None:
        refuse_unfit(boost.note_id)
    if boost.ends_at <= now:
        raise CannotMove(_("Its period is over."))
    if boost.state not in (State.WAITING, State.RUNNING):  # what a buyer paused is theirs to resume
        raise CannotMove
    runs_from = max(boost.starts_at, now)
    return _turn(boost, State.RUNNING, by=by, reason=Reason.APPROVED, at=now, runs_from=runs_from)


@transaction.atomic
def refuse(*, boost_id: int, by: User, reason: str, now: datetime) -> Boost:
    """Not let it run, say why, and give back all of the money. Raises Invalid, CannotMove."""
    boost = _for_staff(boost_id, by)
    if not reason.strip():
        raise Invalid(_("Say why it is refused."), field="reason")
    if not close(boost, State.REFUSED, by=by, reason=Reason.REFUSED, remark=reason, now=now):
        raise CannotMove
    return boost


def stop_by_staff(*, boost_id: int, by: User, reason: str, now: datetime) -> Boost:
    """End somebody's order, with a reason that the buyer reads. Raises Invalid, and CannotMove for
    what ended already: nobody would read the reason."""
    boost = _for_staff(boost_id, by)
    if not reason.strip():
        raise Invalid(_("Say why it is stopped."), field="reason")
    if not close(
        boost, State.STOPPED, by=by, reason=Reason.STOPPED_BY_STAFF, remark=reason, now=now
    ):
        raise CannotMove
    return boost


def _for_staff(boost_id: int, by: User) -> Boost:
    if not by.has_perm(REVIEW):
        raise NotAllowed
    boost = Boost.objects.filter(pk=boost_id).first()
    if boost is None:
        raise NotFound
    return boost


# ---------------------------------------------------------------- moves
@transaction.atomic
def _turn(
    boost: Boost, to: State, *, by: User, reason: Reason, at: datetime, **fields: Any
) -> Boost:
    """A move that no money goes with. Asked for twice it is one move."""
    if not _move(boost, to, by=by, reason=reason, at=at, **fields):
        boost.refresh_from_db()
        if boost.state != to:
            raise CannotMove
    boost.refresh_from_db()
    return boost


@transaction.atomic
def close(
    boost: Boost, to: State, *, by: User | None, reason: Reason, now: datetime, remark: str = ""
) -> bool:
    """End an order: charge what it delivered, give the rest back. False where it could not.

    The move holds the row: what is delivered after it finds the order closed and is free.
    """
    if not _move(boost, to, by=by, reason=reason, at=now, remark=remark, closed_at=now):
        return False
    boost.refresh_from_db()
    if boost.hold is None:
        return True
    charge(boost, now=now)
    rest = boost.total - boost.charged
    if rest > 0:
        wallet.release(hold=boost.hold, amount=rest, key=f"boost:{boost.pk}:rest", now=now)
    Boost.objects.filter(pk=boost.pk).update(refunded=rest)
    boost.refunded = rest
    return True


@transaction.atomic
def charge(boost: Boost, *, now: datetime) -> int:
    """Earn what was delivered and not charged yet; returns the amount.

    Compare-and-set on what was charged, keyed by what was delivered: two ticks charge once.
    """
    owed = boost.due - boost.charged
    if boost.hold is None or owed <= 0:
        return 0
    if not Boost.objects.filter(pk=boost.pk, charged=boost.charged).update(charged=boost.due):
        return 0
    key = f"boost:{boost.pk}:upto:{boost.delivered}"
    wallet.earn(hold=boost.hold, amount=owed, key=key, now=now)
    boost.charged = boost.due
    return owed


def _move(
    boost: Boost,
    to: State,
    *,
    by: User | None,
    reason: Reason,
    at: datetime,
    remark: str = "",
    **fields: Any,
) -> bool:
    """The move if the table allows it from where the row stands now; False where it does not."""
    row = Boost.objects.filter(pk=boost.pk, state__in=sources_of(to))
    if not row.update(state=to, **fields):
        return False
    boost.refresh_from_db()
    _log(boost, to, by=by, reason=reason, at=at, remark=remark)
    return True


def _log(
    boost: Boost, state: State, *, by: User | None, reason: Reason, at: datetime, remark: str = ""
) -> None:
    BoostStep.objects.create(
        boost=boost,
        state=state,
        by=by,
        reason=reason,
        remark=remark.strip()[:300],
        figures={"delivered": boost.delivered, "charged": boost.due, "total": boost.total},
        at=at,
    )
