"""Money that people sent to the operator's bank account, as they say and as staff found."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .ledger import MOST, Entry


class Transfer(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a transfer", "Waiting")
        CONFIRMED = "confirmed", pgettext_lazy("a transfer", "Confirmed")
        REFUSED = "refused", pgettext_lazy("a transfer", "Refused")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="transfers"
    )
    amount = models.BigIntegerField(_("amount"))
    # What stands on the bank's statement.
    reference = models.CharField(_("reference"), max_length=80)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        permissions: ClassVar = [("decide_transfer", "Can confirm and refuse transfers")]
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"], name="transfers_waiting")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="transfer_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", entry__isnull=False)
                | (~Q(state="confirmed") & Q(entry=None)),
                name="confirmed_is_booked",
            ),
            # The same form sent twice is one; another of the same kind waits until it is decided.
            models.UniqueConstraint(
                fields=["person", "amount", "reference"],
                condition=Q(state="waiting"),
                name="transfer_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.person_id})"
