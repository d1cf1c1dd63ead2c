"""Paying at a gateway: begun by a person, credited once when the gateway says it was paid."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict, Invalid, NotFound
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate

from . import money, services
from .models import Payment
from .providers import Forged, Notice, provider

logger = logging.getLogger(__name__)
State = Payment.State
BEGINNINGS = Rate.parse("20/10m")


class CallbackRefused(Invalid):
    code = "callback_refused"
    message = _("This callback does not come from the gateway.")


class CallbackDiffers(Conflict):
    code = "callback_differs"
    message = _("This callback does not fit the payment. Nothing was credited.")


def begin(*, person: User, amount: int, now: datetime) -> Payment:
    """A payment to be made at the gateway. Raises NotFound where there is none, TooOften."""
    gateway = provider()
    if gateway is None:
        raise NotFound
    services.check_amount(amount)
    allowed = take(scope="payment", who=f"person {person.pk}", rate=BEGINNINGS)
    if not allowed.allowed:
        raise TooOften(allowed.retry_in)
    return Payment.objects.create(
        key=secrets.token_urlsafe(20), person=person, provider=gateway.name, amount=amount,
        currency=money.currency(), begun_at=now,
    )  # fmt: skip


def own_payment(person: User, key: str) -> Payment:
    """The payment, if it is this person's. Raises NotFound."""
    payment = Payment.objects.filter(key=key, person=person).first()
    if payment is None:
        raise NotFound
    return payment


def address_of(payment: Payment) -> str:
    """Where it is paid; empty where its provider is gone or it is paid."""
    gateway = provider()
    if gateway is None or gateway.name != payment.provider or payment.state == State.PAID:
        return ""
    return gateway.address_for(
        payment,
        callback=settings.SITE_URL + reverse("payment-callback"),
        back=settings.SITE_URL + reverse("payment", args=[payment.key]),
    )


def receive(*, headers: Mapping[str, str], body: bytes, now: datetime) -> Payment:
    """Take a callback. The same again, however often, changes nothing.

    Whatever is refused is logged and credits nobody. Raises CallbackRefused, CallbackDiffers,
    NotFound.
    """
    gateway = provider()
    if gateway is None:
        raise NotFound
    try:
        notice = gateway.read(headers=headers, body=body, now=now)
    except Forged as reason:
        logger.warning("Callback of %s refused: %s", gateway.name, reason)
        raise CallbackRefused from None
    payment = Payment.objects.filter(key=notice.payment, provider=gateway.name).first()
    if payment is None:
        logger.warning("Callback of %s for a payment nobody began", gateway.name)
        raise NotFound
    asked = (payment.amount, payment.currency)
    # What was begun before the community changed its currency is for staff to look at, too.
    if (notice.amount, notice.currency) != asked or payment.currency != money.currency():
        _note_trouble(payment, notice)
        raise CallbackDiffers
    return _credit(payment, notice, now) if notice.paid else _give_up(payment, notice, now)


def _note_trouble(payment: Payment, notice: Notice) -> None:
    """It is signed and does not fit: staff must look, at the row and at the gateway."""
    said = f"told {notice.amount} {notice.currency} of {payment.amount} {payment.currency}"
    logger.error("Payment %s: %s", payment.pk, said)
    Payment.objects.filter(pk=payment.pk).update(trouble=said[:200])


@transaction.atomic
def _credit(payment: Payment, notice: Notice, now: datetime) -> Payment:
    """Also after it was given up: money that came is the person's."""
    unpaid = (
        Payment.objects.select_for_update(no_key=True)
        .filter(pk=payment.pk)
        .exclude(state=State.PAID)
    )
    if unpaid.exists():
        entry = services.top_up(
            person=payment.person,
            amount=payment.amount,
            key=f"payment:{payment.pk}",
            source=payment.provider,
            remark=notice.reference[:80],
            now=now,
        )
        unpaid.update(state=State.PAID, entry=entry, reference=notice.reference[:80], told_at=now)
    payment.refresh_from_db()
    return payment


def _give_up(payment: Payment, notice: Notice, now: datetime) -> Payment:
    Payment.objects.filter(pk=payment.pk, state=State.OPEN).update(
        state=State.FAILED, reference=notice.reference[:80], told_at=now
    )
    payment.refresh_from_db()
    return payment
