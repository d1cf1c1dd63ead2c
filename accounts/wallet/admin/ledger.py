"""The ledger for operators: accounts, holds, entries, and money that came or went by the bank."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.models import User
from accounts.wallet import money, services
from accounts.wallet.models import Account, Entry, Hold


class LookOnly(admin.ModelAdmin):
    """Nobody writes the ledger by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MoveForm(forms.Form):
    """Money that came from outside to a person, or went there."""

    person = forms.CharField(label=gettext_lazy("Username"), max_length=30)
    amount = money.MoneyField(label=gettext_lazy("Amount"))
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("The person reads it in their statement."),
        max_length=300,
    )
    # Made when the page is drawn: sent twice, it is one move.
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def clean_person(self) -> User:
        found = User.objects.filter(username=self.cleaned_data["person"]).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody of this name."))
        return found


@admin.register(Account)
class AccountAdmin(LookOnly):
    list_display = ("kind", "person", "stands")
    list_filter = ("kind",)
    list_select_related = ("person",)
    search_fields = ("person__username",)
    change_list_template = "admin/wallet/accounts.html"

    @admin.display(description=gettext_lazy("balance"), ordering="balance")
    def stands(self, account: Account) -> str:
        return money.show(account.balance)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        top_up = path("top-up/", view(self.top_up), name="wallet_top_up")
        pay_out = path("pay-out/", view(self.pay_out), name="wallet_pay_out")
        return [top_up, pay_out, *super().get_urls()]

    def top_up(self, request: HttpRequest) -> HttpResponse:
        """A transfer that arrived, confirmed by staff."""
        return self._move(
            request, _("Confirm a transfer"), partial(services.top_up, source="staff")
        )

    def pay_out(self, request: HttpRequest) -> HttpResponse:
        """Money that staff sent from the bank to a person, also to one whose account is closed."""
        return self._move(request, _("Pay out"), services.pay_out)

    def _move(self, request: HttpRequest, title: str, act: Callable[..., Entry]) -> HttpResponse:
        if not request.user.has_perm("wallet.add_entry"):
            raise PermissionDenied
        form = MoveForm(request.POST or None, initial={"key": secrets.token_urlsafe(16)})
        if request.method == "POST" and form.is_valid() and self._book(request, form, act):
            return HttpResponseRedirect(reverse("admin:wallet_account_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
        }
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/wallet/move.html", context, status=status)

    def _book(self, request: HttpRequest, form: MoveForm, act: Callable[..., Entry]) -> bool:
        said = form.cleaned_data
        try:
            entry = act(
                person=said["person"],
                amount=said["amount"],
                key=f"staff:{said['key']}",
                by=request.user,
                remark=said["remark"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        self.log_addition(request, entry, said["remark"])
        messages.success(request, _("Done."))
        return True


@admin.register(Hold)
class HoldAdmin(LookOnly):
    list_display = ("about", "person", "whole", "spent", "back", "at")
    list_select_related = ("person",)
    search_fields = ("about", "person__username")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("held"), ordering="amount")
    def whole(self, hold: Hold) -> str:
        return money.show(hold.amount)

    @admin.display(description=gettext_lazy("earned"), ordering="earned")
    def spent(self, hold: Hold) -> str:
        return money.show(hold.earned)

    @admin.display(description=gettext_lazy("given back"), ordering="released")
    def back(self, hold: Hold) -> str:
        return money.show(hold.released)


@admin.register(Entry)
class EntryAdmin(LookOnly):
    list_display = ("at", "kind", "moved", "way", "words")
    list_filter = ("kind",)
    list_select_related = ("taken_from__person", "given_to__person", "by")
    search_fields = ("key", "remark", "given_to__person__username")
    date_hierarchy = "at"

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def moved(self, entry: Entry) -> str:
        return money.show(entry.amount)

    @admin.display(description=gettext_lazy("from and to"))
    def way(self, entry: Entry) -> str:
        return f"{entry.taken_from} → {entry.given_to}"

    @admin.display(description=gettext_lazy("remark"))
    def words(self, entry: Entry) -> str:
        return " · ".join(filter(None, [entry.remark, f"@{entry.by.username}" if entry.by else ""]))
