"""A person's wallet: what is in it, how more comes in, and what became of all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals, whole_number
from accounts.errors import DomainError
from accounts.models import User

from . import money, payments, services, transfers, vouchers
from .forms import PaymentForm, TransferForm, VoucherForm
from .models import Transfer
from .providers import provider
from .statement import csv_of, lines_of, statement_of

LINES_SHOWN, TRANSFERS_SHOWN = 30, 5
# No gateway says more than this of a payment.
LONGEST_CALLBACK = 64 * 1024
# Ids are shorter than this.


@require_safe
@people_only
def my_wallet(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, status: int = 200, **typed: forms.Form) -> HttpResponse:
    """The page, with the forms that were typed in and refused in place of empty ones."""
    lines, older = _lines(request.user, request.GET.get("before", ""))
    context = {
        "balances": services.balances_of(request.user),
        "lines": lines,
        "older": older,
        "here": "wallet",
        "tab": "me",
        "voucher_form": VoucherForm(auto_id="voucher_%s"),
        "transfer_form": TransferForm(auto_id="transfer_%s"),
        "payment_form": PaymentForm(auto_id="payment_%s"),
        "transfers": Transfer.objects.filter(person=request.user).order_by("-pk")[:TRANSFERS_SHOWN],
        "transfer_to": settings.TRANSFER_TO,
        "gateway": provider(),
        **typed,
    }
    return render(request, "wallet/wallet.html", context, status=status)


def _lines(person: User, before: str) -> tuple[list[Any], int | None]:
    """One page of the statement, and the id before which the next one begins."""
    rows = statement_of(person)
    if (last := whole_number(before)) is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows[: LINES_SHOWN + 1])
    older = found[LINES_SHOWN - 1].pk if len(found) > LINES_SHOWN else None
    return lines_of(person, found[:LINES_SHOWN]), older


@require_safe
@people_only
def statement_file(request: PersonRequest) -> Any:
    """The whole statement, line by line, with the mark by which spreadsheets know UTF-8."""
    answer = StreamingHttpResponse(_file_of(request.user), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statement.csv"'
    return answer


def _file_of(person: User) -> Any:
    yield "\ufeff"
    yield from csv_of(person)


# ---------------------------------------------------------------- money in
def _sent(
    request: PersonRequest, name: str, form: forms.Form, act: Callable[..., HttpResponse]
) -> HttpResponse:
    """What the act answers, given what was typed; else the page with the refusal in its form."""
    if form.is_valid():
        try:
            return act(person=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return _page(request, status=refusal.status, **{name: form})
    return _page(request, status=400, **{name: form})


@require_POST
@people_only
def use_voucher(request: PersonRequest) -> HttpResponse:
    def act(**said: Any) -> HttpResponse:
        entry = vouchers.redeem(**said)
        messages.success(
            request,
            _("%(amount)s came into your wallet.") % {"amount": money.show(entry.amount)},
        )
        return see_other(request, "wallet")

    return _sent(request, "voucher_form", VoucherForm(request.POST, auto_id="voucher_%s"), act)


@require_POST
@people_only
def ask_transfer(request: PersonRequest) -> HttpResponse:
    def act(**said: Any) -> HttpResponse:
        transfers.ask(**said)
        messages.success(request, _("Thank you. You are told when it has arrived."))
        return see_other(request, "wallet")

    return _sent(request, "transfer_form", TransferForm(request.POST, auto_id="transfer_%s"), act)


@require_POST
@people_only
@shows_refusals
def begin_payment(request: PersonRequest) -> HttpResponse:
    def act(**said: Any) -> HttpResponse:
        return see_other(request, "payment", payments.begin(**said).key)

    return _sent(request, "payment_form", PaymentForm(request.POST, auto_id="payment_%s"), act)


@require_safe
@people_only
@shows_refusals
def payment(request: PersonRequest, key: str) -> HttpResponse:
    """Where a payment stands, and the way to the gateway."""
    found = payments.own_payment(request.user, key)
    context = {
        "payment": found,
        "address": payments.address_of(found),
        "here": "wallet",
        "tab": "me",
    }
    return render(request, "wallet/payment.html", context)


@csrf_exempt  # the gateway has no session: its signature is what counts
@require_POST
def payment_callback(request: HttpRequest) -> HttpResponse:
    """What the gateway tells of a payment."""
    if len(request.body) > LONGEST_CALLBACK:
        return JsonResponse({"code": "too_large"}, status=413)
    try:
        payments.receive(headers=request.headers, body=request.body, now=timezone.now())
    except DomainError as refusal:
        return JsonResponse({"code": refusal.kind}, status=refusal.status)
    return JsonResponse({"code": "ok"})
