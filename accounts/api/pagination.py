"""Pages of a list by key: nothing is skipped or repeated while others write, and page 1,000 costs
what page 1 costs. The cursor is the last row's key, signed, and bound to its list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.errors import Invalid

SALT = "rockpool.api.cursor"
Row = TypeVar("Row")


def page_of(
    request: Request, rows: QuerySet[Any, Row], *, order: tuple[str, ...], limit: int, cursor: str
) -> tuple[list[Row], str | None]:
    """One page and the address of the next, None after the last.

    `order` names fields as order_by() does, all in one direction, the last of them unique.
    Raises Invalid for a cursor that we did not make, or made for another list.
    """
    # With its order: a list that is ordered otherwise meanwhile is another list.
    which = f"{list_name(request)} {' '.join(order)}"
    if cursor:
        rows = rows.filter(_after(order, _read(cursor, which, len(order))))
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return found, None
    keys = [_plain(_value(found[limit - 1], name.lstrip("-"))) for name in order]
    token = signing.dumps([which, keys], salt=SALT)
    return found[:limit], next_address(request, token)


def next_address(request: Request, cursor: str | None) -> str | None:
    """This address with another cursor."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def list_name(request: Request) -> str:
    """What a cursor belongs to: the path and its filters, whatever their order."""
    filters = sorted(
        (k, v) for k, v in request.query_params.items() if k not in ("cursor", "limit")
    )
    return blake2b(repr((request.path, filters)).encode(), digest_size=8).hexdigest()


def _after(order: tuple[str, ...], keys: list[Any]) -> Q:
    """(a, b) behind (x, y): a < x, or a = x and b < y; with > where the order ascends."""
    step = "lt" if order[0].startswith("-") else "gt"
    behind, same = Q(), Q()
    for name, key in zip(order, keys, strict=True):
        field = name.lstrip("-")
        behind |= same & Q(**{f"{field}__{step}": key})
        same &= Q(**{field: key})
    return behind


def _read(cursor: str, name: str, length: int) -> list[Any]:
    try:
        owner, keys = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        owner, keys = "", []
    if owner != name or len(keys) != length:
        raise Invalid(_("This cursor does not belong to this list."), field="cursor")
    return [datetime.fromisoformat(key["at"]) if isinstance(key, dict) else key for key in keys]


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _value(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value.pk if isinstance(value, Model) else value
