"""Batches of vouchers: made here, their codes shown this once, withdrawn as a whole."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.wallet import money, vouchers
from accounts.wallet.models import VoucherBatch

from .ledger import LookOnly

LOCAL = "%Y-%m-%dT%H:%M"


class BatchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    amount = money.MoneyField(label=gettext_lazy("Worth of each"))
    count = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=vouchers.MOST_CODES, initial=10
    )
    uses = forms.IntegerField(
        label=gettext_lazy("How many people may use each"),
        min_value=1,
        max_value=vouchers.MOST_USES,
        initial=1,
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Valid until"),
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    # Made when the page is drawn: sent twice, it is one batch.
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


@admin.register(VoucherBatch)
class VoucherBatchAdmin(LookOnly):
    list_display = ("name", "worth", "codes", "used", "expires_at", "withdrawn_at", "made_by")
    list_select_related = ("made_by",)
    search_fields = ("name", "vouchers__ending")
    ordering = ("-pk",)
    actions = ("withdraw",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(vouchers.MAY_MAKE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoucherBatch]:
        used, uses = Sum("vouchers__used", default=0), Sum("vouchers__uses", default=0)
        return super().get_queryset(request).annotate(all_used=used, all_uses=uses)

    @admin.display(description=gettext_lazy("worth of each"), ordering="amount")
    def worth(self, batch: VoucherBatch) -> str:
        return money.show(batch.amount)

    @admin.display(description=gettext_lazy("may be used"))
    def codes(self, batch: Any) -> int:
        return int(batch.all_uses)

    @admin.display(description=gettext_lazy("used"))
    def used(self, batch: Any) -> int:
        return int(batch.all_used)

    @admin.action(
        description=gettext_lazy("Withdraw: take none of their codes any more"),
        permissions=["add"],
    )
    def withdraw(self, request: HttpRequest, chosen: QuerySet[VoucherBatch]) -> None:
        for batch in chosen:
            if vouchers.withdraw_batch(by=request.user, batch_id=batch.pk, now=timezone.now()):  # type: ignore[arg-type]
                self.log_change(request, batch, "withdrawn")
        messages.success(request, _("Done."))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; sent, the codes, which nobody can read again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BatchForm(request.POST or None, initial={"key": secrets.token_urlsafe(16)})
        if request.method == "POST" and form.is_valid():
            try:
                batch, codes = vouchers.make_batch(
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except DomainError as refusal:
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, str(refusal))
            else:
                self.log_addition(request, batch, f"{len(codes)} × {money.show(batch.amount)}")
                return self._page(request, "codes.html", batch=batch, codes=codes)
        return self._page(request, "batch.html", form=form, status=400 if form.is_bound else 200)

    def _page(
        self, request: HttpRequest, template: str, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make vouchers"),
            "opts": self.opts,
            **more,
        }
        answer = TemplateResponse(request, f"admin/wallet/{template}", context, status=status)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
