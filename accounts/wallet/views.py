"""A person's wallet: what is in it, how more comes in, and what became of all of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from accounts.models import User

from . import services
from .statement import csv_of, lines_of, statement_of

LINES_SHOWN = 30
# Ids are shorter than this.
DIGITS_OF_ID = 18


@require_safe
@people_only
def my_wallet(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    lines, older = _lines(request.user, request.GET.get("before", ""))
    context = {
        "balances": services.balances_of(request.user),
        "lines": lines,
        "older": older,
        "here": "wallet",
        "tab": "me",
        **forms,
    }
    return render(request, "wallet/wallet.html", context, status=status)


def _lines(person: User, before: str) -> tuple[list[Any], int | None]:
    """One page of the statement, and the id before which the next one begins."""
    rows = statement_of(person)
    if before.isascii() and before.isdigit() and len(before) <= DIGITS_OF_ID:
        rows = rows.filter(pk__lt=int(before))
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
