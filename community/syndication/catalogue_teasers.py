"""What other sites and search engines show of albums, brands and products."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.indexing import may_be_indexed
from accounts.wallet import money
from community.albums.models import Album
from community.brands.models import Brand, Picture, Product
from community.pictures_shown import picture_of

from .shown import File
from .teasers import SCHEMA, Teaser, filled, linked_data, listing


def of_album(album: Album, *, base: str) -> Teaser | None:
    """None for a private one, and for one of somebody who may not be indexed."""
    if album.is_private or not may_be_indexed(album.owner):
        return None
    text = album.about or _("An album by %(name)s.") % {"name": album.owner.profile.name}
    return listing(album.title, text, album, base)


def of_brand(brand: Brand, *, base: str) -> Teaser | None:
    """None for one that nobody verified: anybody can open a brand of any name."""
    if not brand.is_verified:
        return None
    logo = brand.pictures.filter(product=None, state=Picture.State.READY).first()
    picture = _file(logo, brand.name, base)
    address = f"{base}{brand.get_absolute_url()}"
    facts = linked_data(
        "ProfilePage",
        url=address,
        mainEntity=_brand(brand, base) | filled({"description": brand.about}),
    )
    text = brand.about or _("Notes about %(brand)s.") % {"brand": brand.name}
    return Teaser("profile", brand.name, text, address, facts, picture=picture)


def of_product(product: Product, *, base: str) -> Teaser | None:
    """None where its brand has none."""
    if not product.brand.is_verified:
        return None
    ready = product.pictures.filter(state=Picture.State.READY).first()
    picture, address = _file(ready, product.name, base), f"{base}{product.get_absolute_url()}"
    facts = linked_data(
        "Product",
        url=address,
        name=product.name,
        description=product.about,
        sku=product.sku,
        brand=_brand(product.brand, base),
        image=picture.address if picture else "",
        offers=_offer(product, address),
    )
    text = product.about or _("Notes about %(product)s.") % {"product": product.name}
    return Teaser("website", product.name, text, address, facts, picture=picture)


def _brand(brand: Brand, base: str) -> dict[str, Any]:
    address = f"{base}{brand.get_absolute_url()}"
    return {"@type": "Brand", "name": brand.name, "url": address}


def _offer(product: Product, address: str) -> dict[str, Any] | None:
    """Its price, where one is said; we sell nothing ourselves, so the offer is the page."""
    if product.price is None:
        return None
    gone = "Discontinued" if product.retired_at else "InStock"
    return {
        "@type": "Offer",
        "url": address,
        "price": money.plain(product.price, product.currency),
        "priceCurrency": product.currency,
        "availability": f"{SCHEMA}/{gone}",
    }


def _file(picture: Picture | None, alt: str, base: str) -> File | None:
    shown = picture_of(picture) if picture else None
    if shown is None or not shown.largest:
        return None
    address = f"{base}{shown.largest}"
    return File(address, "image/jpeg", 0, shown.width, shown.height, alt)
