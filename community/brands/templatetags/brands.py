"""Products and brands as every page shows them."""

from __future__ import annotations

from django import template

from accounts.wallet import money
from community.brands.links import host_of
from community.brands.models import Brand, Picture, Product
from community.pictures_shown import CoverPicture, picture_of

register = template.Library()


@register.filter
def price(product: Product) -> str:
    """What it costs, or nothing where no price is said."""
    return "" if product.price is None else money.show(product.price, product.currency)


@register.filter
def first_picture(product: Product) -> CoverPicture | None:
    """Of a product fetched `with_card`: its first ready picture."""
    ready = list(product.pictures.all())
    return picture_of(ready[0]) if ready else None


@register.filter
def shown_picture(picture: Picture | None) -> CoverPicture | None:
    return None if picture is None else picture_of(picture)


@register.filter
def brand_initial(brand: Brand) -> str:
    """In place of a logo."""
    return brand.name[:1].upper()


@register.filter
def host(link: str) -> str:
    """Where a link that was taken leads, as people read it."""
    return host_of(link)
