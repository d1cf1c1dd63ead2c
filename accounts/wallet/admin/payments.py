"""Payments at the gateway, to look at: those with trouble are for staff to clear up there."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.wallet import money
from accounts.wallet.models import Payment

from .ledger import LookOnly


@admin.register(Payment)
class PaymentAdmin(LookOnly):
    list_display = ("begun_at", "person", "sum", "state", "reference", "trouble")
    list_filter = ("state", "provider", ("trouble", admin.EmptyFieldListFilter))
    list_select_related = ("person",)
    search_fields = ("key", "reference", "person__username")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, payment: Payment) -> str:
        return money.show(payment.amount)
