"""The queue of transfers: what waits first, each confirmed or refused once, with the log beside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.wallet import money, transfers
from accounts.wallet.models import Transfer

from .ledger import LookOnly


class DecisionForm(forms.Form):
    act = forms.ChoiceField(choices=[("confirm", ""), ("refuse", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason, told to the person when you refuse"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@admin.register(Transfer)
class TransferAdmin(LookOnly):
    list_display = ("reference", "person", "sum", "state", "asked_at", "decided_by")
    list_filter = ("state",)
    list_select_related = ("person", "decided_by")
    search_fields = ("reference", "person__username")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, transfer: Transfer) -> str:
        return money.show(transfer.amount)

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:pk>/decide/", self.admin_site.admin_view(self.decide), name="wallet_decide"
        )
        return [decide, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return self._page(request, get_object_or_404(Transfer, pk=object_id), DecisionForm())

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm or refuse; the services decide whether that may be."""
        if not request.user.has_perm(transfers.MAY_DECIDE):
            raise PermissionDenied
        transfer = get_object_or_404(Transfer, pk=pk)
        form = DecisionForm(request.POST or None)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:wallet_transfer_change", args=[pk]))
        if not form.is_valid():
            return self._page(request, transfer, form, status=400)
        act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
        facts: dict[str, Any] = {"transfer_id": pk, "by": request.user, "now": timezone.now()}
        try:
            if act == "confirm":
                transfers.confirm(**facts)
            else:
                transfers.refuse(**facts, reason=reason)
        except DomainError as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
            return self._page(request, transfer, form, status=refusal.status)
        self.log_change(request, transfer, f"{act} {reason}".strip())
        messages.success(request, _("Done. The person is told."))
        return HttpResponseRedirect(reverse("admin:wallet_transfer_changelist"))

    def _page(
        self, request: HttpRequest, transfer: Transfer, form: DecisionForm, *, status: int = 200
    ) -> HttpResponse:
        transfer.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "title": transfer.reference,
            "opts": self.opts,
            "transfer": transfer,
            "form": form,
            "may_decide": request.user.has_perm(transfers.MAY_DECIDE)
            and transfer.state == Transfer.State.WAITING,
        }
        return TemplateResponse(request, "admin/wallet/transfer.html", context, status=status)
