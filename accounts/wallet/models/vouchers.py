"""Codes that are worth money. Only their hashes are kept: who reads the database can spend none."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .ledger import MOST, Entry


class VoucherBatch(models.Model):
    """Vouchers made together, with what holds of all of them."""

    # Made when the form was drawn: sent twice, it is one batch.
    key = models.CharField(max_length=60, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    amount = models.BigIntegerField(_("amount"))
    # How many people may use one code.
    uses = models.PositiveIntegerField(_("uses of each"))
    expires_at = models.DateTimeField(_("valid until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made"), editable=False)
    # No code of it is taken any more.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("batch of vouchers")
        verbose_name_plural = _("batches of vouchers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST, uses__gt=0),
                name="vouchers_of_something",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Voucher(models.Model):
    batch = models.ForeignKey(VoucherBatch, on_delete=models.PROTECT, related_name="vouchers")
    digest = models.CharField(max_length=64, unique=True)
    # The last characters, by which staff and people find it again.
    ending = models.CharField(_("ends in"), max_length=4)
    used = models.PositiveIntegerField(_("used"), default=0)
    # A copy of the batch's, so that the database holds `used` to it.
    uses = models.PositiveIntegerField(_("uses"))

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="voucher_used_in_bounds")
        ]

    def __str__(self) -> str:
        return f"…{self.ending}"


class VoucherUse(models.Model):
    """That a person used a voucher: once each."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="by_people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("used voucher")
        verbose_name_plural = _("used vouchers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "person"], name="voucher_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.voucher} → {self.person_id}"
