"""Catalogues in and out. A row that cannot be taken is told by its line, the others are applied.

A row is about the product with its article number, or without one of its name; running the same
file again finds everything as it is. Columns that the file does not have are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError, Invalid, NotFound
from accounts.models import User
from accounts.spreadsheets import safe_cell
from accounts.wallet import money
from community.forms import Words

from . import rules
from .access import note_down, team_member
from .csv_rows import COLUMNS, FileRefused, Line, decoded, lines_of, says_no
from .models import Brand, BrandLog, Product
from .products import ProductFacts, change_row, check_room, checked_facts, create_row
from .rules import Right
from .wording import FILE_REFUSALS, LINE_REFUSALS

FAULTS_TOLD = 200
# Rows of one transaction.
BATCH = 100


@dataclass(slots=True)
class Report:
    """How many rows did what, and (line, reason) of those that did nothing."""

    added: int = 0
    changed: int = 0
    same: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def applied(self) -> int:
        return self.added + self.changed


def import_products(*, actor: User, slug: str, raw: bytes, now: datetime) -> Report:
    """Take a catalogue in. Raises Invalid for a file that is none, NotFound, NotAllowed; the right
    is asked for anew with each batch, and what was applied before it was lost stays."""
    return _import(lambda: team_member(actor, slug, Right.PRODUCTS).brand, raw, by=actor, now=now)


def import_by_operator(*, slug: str, raw: bytes, now: datetime) -> Report:
    """The same from the command line, for whoever runs the community. Raises Invalid, NotFound."""

    def brand() -> Brand:
        found = Brand.objects.select_for_update(no_key=True).filter(slug=slug).first()
        if found is None:
            raise NotFound(_("There is no brand of this handle."))
        return found

    return _import(brand, raw, by=None, now=now)


def _import(brand: Callable[[], Brand], raw: bytes, *, by: User | None, now: datetime) -> Report:
    """Read the whole file, then apply it in batches: nobody else waits long for their write."""
    try:
        lines = list(lines_of(decoded(raw)))
    except FileRefused as refused:
        raise Invalid(FILE_REFUSALS[refused.code], field="file", code=refused.code) from refused
    report, shelf = Report(), None
    for start in range(0, max(1, len(lines)), BATCH):
        with transaction.atomic():
            found = brand()
            shelf = shelf or _Shelf(found)
            _apply_batch(shelf, lines[start : start + BATCH], report, by=by, now=now)
    return report


def _apply_batch(
    shelf: _Shelf, lines: Iterable[Line], report: Report, *, by: User | None, now: datetime
) -> None:
    added, changed = report.added, report.changed
    for line in lines:
        try:
            _apply(shelf, line, report, now)
        except DomainError as refusal:
            report.faults.append((line.number, str(refusal)))
    if report.applied > added + changed:
        words = f"+{report.added - added} ~{report.changed - changed}"
        note_down(shelf.brand, BrandLog.Act.IMPORTED, by=by, now=now, words=words)


class _Shelf:
    """What a brand has, by article number and by name, kept current while rows are applied."""

    def __init__(self, brand: Brand) -> None:
        self.brand, self.count = brand, 0
        self.by_sku: dict[str, Product] = {}
        self.by_name: dict[str, Product] = {}
        for product in brand.products.all():
            product.brand = brand
            self.put(product)
            self.count += 1

    def find(self, sku: str, name_key: str) -> Product | None:
        """The product of this number, else the one of this name that has no other number."""
        if sku and sku in self.by_sku:
            return self.by_sku[sku]
        named = self.by_name.get(name_key)
        return None if named is not None and sku and named.sku not in ("", sku) else named

    def put(self, product: Product, *, once: tuple[str, str] = ("", "")) -> None:
        """Under its present number and name, and no longer under those it had once."""
        self.by_sku.pop(once[0], None)
        self.by_name.pop(once[1], None)
        if product.sku:
            self.by_sku[product.sku] = product
        self.by_name[product.name_key] = product


def _apply(shelf: _Shelf, line: Line, report: Report, now: datetime) -> None:
    """One row. Raises DomainError with the sentence that says what is wrong with it."""
    if line.fault:
        raise Invalid(LINE_REFUSALS[line.fault])
    cells = line.cells
    name_key = rules.name_key(cells.get("name", ""))
    product = shelf.find(cells.get("sku", ""), name_key)
    columns = checked_facts(_facts(cells, product))
    once = (product.sku, product.name_key) if product is not None else ("", "")
    if product is None:
        check_room(shelf.count)
        product = create_row(shelf.brand, columns, now=now)
        _offer(product, cells, now)
        report.added += 1
        shelf.count += 1
    elif any([change_row(product, columns), _offer(product, cells, now)]):
        report.changed += 1
    else:
        report.same += 1
    shelf.put(product, once=once)


def _facts(cells: dict[str, str], product: Product | None) -> ProductFacts:
    """The row's cells, and for columns that the file does not have, what the product says now."""
    return ProductFacts(
        name=cells.get("name", ""),
        sku=cells["sku"] if cells.get("sku") else (product.sku if product else ""),
        about=cells.get("about", product.about if product else ""),
        link=cells.get("link", product.link if product else ""),
        aliases=(
            Words.split(cells["aliases"])
            if "aliases" in cells
            else (product.aliases if product else ())
        ),
        **_price(cells, product),
    )


def _price(cells: dict[str, str], product: Product | None) -> dict[str, Any]:
    if "price" not in cells:
        if product is None:
            return {}
        return {"price": product.price, "currency": product.currency}
    code = (cells.get("currency") or (product.currency if product else "")).upper()
    code = code or settings.CURRENCY
    typed = cells["price"].replace(",", "").replace("，", "").lstrip("¥￥$€£ ")
    try:
        minor = money.read(typed, code) if typed else None
    except Invalid as refusal:
        raise Invalid(str(refusal), field="price") from refusal
    return {"price": minor, "currency": code}


def _offer(product: Product, cells: dict[str, str], now: datetime) -> bool:
    """Retire or return it as the row says; whether that changed anything."""
    if "active" not in cells or says_no(cells["active"]) == (product.retired_at is not None):
        return False
    product.retired_at = now if says_no(cells["active"]) else None
    product.save(update_fields=["retired_at"])
    return True


def told(faults: Iterable[tuple[int, str]]) -> list[str]:
    """The first faults as sentences."""
    return [
        _("Line %(number)d: %(reason)s") % {"number": number, "reason": reason}
        for number, reason in list(faults)[:FAULTS_TOLD]
    ]


def exported(brand: Brand) -> str:
    """The catalogue as CSV that spreadsheets open as what it is: UTF-8 with its mark."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for product in brand.products.order_by("pk").iterator():
        writer.writerow([safe_cell(cell) for cell in _cells(product)])
    return out.getvalue()


def _cells(product: Product) -> list[str]:
    price = "" if product.price is None else money.plain(product.price, product.currency)
    return [
        product.sku,
        product.name,
        price,
        product.currency,
        product.link,
        ", ".join(product.aliases),
        product.about,
        "no" if product.retired_at else "yes",
    ]
