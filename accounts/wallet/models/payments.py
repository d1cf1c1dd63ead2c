"""Payments at a gateway: what was asked for, and what the gateway said of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .ledger import MOST, Entry


class Payment(models.Model):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a payment", "Not paid yet")
        PAID = "paid", pgettext_lazy("a payment", "Paid")
        FAILED = "failed", pgettext_lazy("a payment", "Given up")

    # What the gateway calls it by: cannot be guessed.
    key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments"
    )
    provider = models.CharField(_("provider"), max_length=40)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    # The gateway's own number.
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    # What a callback said that was really the gateway's and did not fit. For staff to look at.
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    begun_at = models.DateTimeField(_("begun"))
    told_at = models.DateTimeField(_("told"), null=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="payment_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state="paid", entry__isnull=False) | (~Q(state="paid") & Q(entry=None)),
                name="paid_is_booked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.key}"
