"""A person's wallet for programs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, PlainLine, body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.models import User
from accounts.wallet import money, vouchers
from accounts.wallet.models import Entry
from accounts.wallet.services import balances_of
from accounts.wallet.statement import Line, lines_of, statement_of
from community.api.once import answered_once

Shape = serializers.Serializer[Any]


class WalletShape(Shape):
    """Amounts are whole minor units of the currency."""

    currency = serializers.CharField(help_text="ISO 4217.")
    digits = serializers.IntegerField(help_text="Digits of the minor unit, e.g. 2.")
    free = serializers.IntegerField(help_text="What can be spent.")
    held = serializers.IntegerField(help_text="Set aside for what was ordered.")


class VoucherBody(Shape):
    code = PlainLine(max_length=40, help_text="Small or capital, with or without dashes.")


class TransactionShape(Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Entry.Kind.choices)
    text = serializers.CharField(help_text="What it was for.")
    about = serializers.CharField(help_text="The same for programs, e.g. boost:12; may be empty.")
    free = serializers.IntegerField(help_text="By how much it changed what can be spent.")
    held = serializers.IntegerField(help_text="By how much it changed what is set aside.")
    at = serializers.DateTimeField()


class WalletView(MembersView):
    @describe("get_wallet", "What is in your wallet", answer=WalletShape)
    def get(self, request: Request) -> Response:
        return Response(wallet_json(actor_of(request)))


class VouchersView(MembersView):
    @describe(
        "use_voucher",
        "Turn a voucher into money",
        body=VoucherBody,
        answer=TransactionShape,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, VoucherBody)
        return answered_once(request, request.data, lambda: (201, _redeem(request, body["code"])))


def _redeem(request: Request, code: str) -> dict[str, Any]:
    person = actor_of(request)
    entry = vouchers.redeem(person=person, code=code, now=timezone.now())
    [line] = lines_of(person, [entry])
    return line_json(line)


class TransactionsView(MembersView):
    @describe(
        "list_transactions",
        "What moved in your wallet, newest first",
        query=PageQuery,
        answer=pages_of(TransactionShape),
    )
    def get(self, request: Request) -> Response:
        person = actor_of(request)
        rows, following = page_of(
            request, statement_of(person), order=("-pk",), **query_of(request, PageQuery)
        )
        results = [line_json(line) for line in lines_of(person, rows)]
        return Response({"results": results, "next": following})


def wallet_json(person: User) -> dict[str, Any]:
    balances = balances_of(person)
    return {
        "currency": money.currency(),
        "digits": money.digits(),
        "free": balances.free,
        "held": balances.held,
    }


def line_json(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "text": line.purpose.text,
        "about": entry.hold.about if entry.hold else "",
        "free": line.free,
        "held": line.held,
        "at": entry.at,
    }
