"""Fetch what a person may act on; asked anew at each write, so that who left can do nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.models import User

from .models import Brand, BrandLog, Member, Product
from .rules import Right, may


def shown_brand(slug: str) -> Brand:
    """The brand of this handle as anybody may meet it. Raises NotFound."""
    brand = Brand.objects.shown().filter(slug=slug).select_related("channel").first()
    if brand is None:
        raise NotFound
    return brand


def shown_product(product_id: int) -> Product:
    """The product, also one that is no longer offered. Raises NotFound."""
    product = Product.objects.shown().with_card().filter(pk=product_id).first()
    if product is None:
        raise NotFound
    return product


def team_member(person: User, slug: str, right: Right | None = None) -> Member:
    """The person's place on the team of this brand, as it stands until the transaction ends.

    Raises NotFound for whoever is not on the team, NotAllowed where their role does not have the
    right, Conflict for a suspended brand (without a right one may still look).
    """
    rows = Member.objects.select_related("brand").filter(brand__slug=slug, person=person)
    if right is not None and connection.features.has_select_for_update:
        # First the brand and then whoever is on its team: in one order, or two owners who remove
        # each other would wait for each other.
        Brand.objects.select_for_update(no_key=True).filter(slug=slug).first()
        rows = rows.select_for_update(of=("self",), no_key=True)
    member = rows.filter(person__is_active=True).first()
    if member is None:
        raise NotFound
    if right is None:
        return member
    if not may(member.role, right):
        raise NotAllowed(_("Your role on this team does not include that."))
    if member.brand.suspended_at is not None:
        raise Conflict(_("This brand is suspended. Staff can restore it."), code="suspended")
    return member


def team_product(person: User, product_id: int, right: Right | None = Right.PRODUCTS) -> Product:
    """A product of a brand on whose team the person is. Raises as team_member does."""
    product = Product.objects.select_related("brand").filter(pk=product_id).first()
    if product is None:
        raise NotFound
    team_member(person, product.brand.slug, right)
    return product


def note_down(brand: Brand, act: str, *, by: User | None, now: datetime, words: str = "") -> None:
    """One line of the log, in the transaction of what it tells."""
    BrandLog.objects.create(brand=brand, actor=by, act=act, words=words[:300], at=now)
