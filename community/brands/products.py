"""Add, change, retire and bring back products; their names are looked up by searches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid
from accounts.models import User
from community.text.clean import clean_body, clean_line

from . import rules
from .access import note_down, team_member, team_product
from .models import Brand, BrandLog, Product
from .rules import Right
from .services import checked_aliases, keep_names
from .wording import checked_link

Act = BrandLog.Act


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """A product as it was typed; the price in whole minor units of its currency."""

    name: str = ""
    sku: str = ""
    about: str = ""
    price: int | None = None
    currency: str = ""
    link: str = ""
    aliases: Iterable[str] = field(default_factory=tuple)


def add_product(*, actor: User, slug: str, facts: ProductFacts, now: datetime) -> Product:
    """Raises Invalid, Conflict, NotFound, NotAllowed."""
    columns = checked_facts(facts)
    with transaction.atomic():
        brand = team_member(actor, slug, Right.PRODUCTS).brand
        check_room(brand.products.count())
        product = create_row(brand, columns, now=now)
        note_down(brand, Act.PRODUCT, by=actor, now=now, words=product.name)
    return product


def edit_product(*, actor: User, product_id: int, facts: ProductFacts, now: datetime) -> Product:
    """Raises Invalid, Conflict, NotFound, NotAllowed."""
    columns = checked_facts(facts)
    with transaction.atomic():
        product = team_product(actor, product_id)
        if changed := change_row(product, columns):
            words = f"{product.name}: {', '.join(changed)}"
            note_down(product.brand, Act.CHANGED, by=actor, now=now, words=words)
    return product


def retire_product(*, actor: User, product_id: int, now: datetime) -> Product:
    """No longer offered: gone from catalogue, search and shop links; notes keep its card."""
    return _offer(actor, product_id, Act.RETIRED, retired_at=now, now=now)


def return_product(*, actor: User, product_id: int, now: datetime) -> Product:
    return _offer(actor, product_id, Act.RETURNED, retired_at=None, now=now)


def _offer(
    actor: User, product_id: int, act: str, *, retired_at: datetime | None, now: datetime
) -> Product:
    with transaction.atomic():
        product = team_product(actor, product_id)
        as_it_was = Product.objects.filter(pk=product.pk, retired_at__isnull=bool(retired_at))
        if as_it_was.update(retired_at=retired_at):
            note_down(product.brand, act, by=actor, now=now, words=product.name)
        product.retired_at = retired_at
    return product


# ---------------------------------------------------------------- rows, for services and imports
def checked_facts(facts: ProductFacts) -> dict[str, Any]:
    """Columns of a product. Raises Invalid with the field."""
    name = clean_line(facts.name, max_length=rules.PRODUCT_NAME_LENGTH + 1)
    sku = clean_line(facts.sku, max_length=rules.SKU_LENGTH + 1)
    about = clean_body(facts.about)
    if not rules.name_key(name):
        raise Invalid(_("A product needs a name of letters, digits or characters."), field="name")
    for value, limit, where in (
        (name, rules.PRODUCT_NAME_LENGTH, "name"),
        (sku, rules.SKU_LENGTH, "sku"),
        (about, rules.ABOUT_LENGTH, "about"),
    ):
        if len(value) > limit:
            raise Invalid(_("At most %(count)d characters.") % {"count": limit}, field=where)
    return {
        "name": name,
        "name_key": rules.name_key(name)[: rules.PRODUCT_NAME_LENGTH * 2],
        "sku": sku,
        "about": about,
        **_checked_price(facts),
        "link": checked_link(facts.link, field="link"),
        "aliases": checked_aliases(facts.aliases, name=name),
    }


def _checked_price(facts: ProductFacts) -> dict[str, Any]:
    if facts.price is None:
        return {"price": None, "currency": ""}
    code = (facts.currency or settings.CURRENCY).strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise Invalid(_("A currency is a code like CNY or EUR."), field="currency")
    if not 0 < facts.price <= rules.MOST_PRICE:
        raise Invalid(_("A price is above 0 and not larger than prices get."), field="price")
    return {"price": facts.price, "currency": code}


def create_row(brand: Brand, columns: dict[str, Any], *, now: datetime) -> Product:
    """Raises Conflict where the brand has a product of that name or number."""
    try:
        with transaction.atomic():
            product = Product.objects.create(brand=brand, created_at=now, **columns)
    except IntegrityError:
        raise _there_already(brand, columns) from None
    keep_names(brand, product, new=True)
    return product


def change_row(product: Product, columns: dict[str, Any]) -> list[str]:
    """Names of the columns that became others. Raises Conflict as create_row does."""
    changed = [name for name, value in columns.items() if getattr(product, name) != value]
    if not changed:
        return []
    before = {name: getattr(product, name) for name in changed}
    for name in changed:
        setattr(product, name, columns[name])
    try:
        with transaction.atomic():
            product.save(update_fields=changed)
    except IntegrityError:
        for name, value in before.items():
            setattr(product, name, value)
        raise _there_already(product.brand, columns) from None
    if {"name", "aliases"} & set(changed):
        keep_names(product.brand, product)
    return [name for name in changed if name != "name_key"]


def check_room(count: int) -> None:
    """Raises Invalid where a brand with so many products takes no more."""
    if count >= rules.MOST_PRODUCTS:
        text = _("A brand has at most %(count)d products.") % {"count": rules.MOST_PRODUCTS}
        raise Invalid(text, code="too_many")


def _there_already(brand: Brand, columns: dict[str, Any]) -> Conflict:
    of_sku = columns["sku"] and brand.products.filter(sku=columns["sku"]).exists()
    field = "sku" if of_sku else "name"
    text = (
        _("Another product has this article number.")
        if of_sku
        else _("Another product has this name.")
    )
    return Conflict(text, field=field, code="taken")
