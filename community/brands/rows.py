"""Brands and products as JSON, without model objects where many are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from accounts.prepared import Ids, Prepared

from .models import Brand, NoteProduct, Picture, Product

COLUMNS = (
    "note_id", "product_id", "product__name", "product__price", "product__currency",
    "product__retired_at", "product__brand__name", "product__brand__slug",
)  # fmt: skip
LINKED = Prepared(
    lambda ids: (
        NoteProduct.objects.filter(note__in=ids, product__brand__suspended_at=None)
        .order_by("note", "position", "pk")
        .values_list(*COLUMNS)
    ),
    Ids,
)


def products_of_notes(ids: Sequence[int], *, base: str) -> Mapping[int, list[dict[str, Any]]]:
    """What each of these notes links, in its author's order; nothing of suspended brands."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for values in LINKED(ids):
        row = dict(zip(COLUMNS, values, strict=True))
        found[row["note_id"]].append(
            {
                "id": row["product_id"],
                "url": product_url(row["product_id"], base),
                "name": row["product__name"],
                "brand": row["product__brand__name"],
                "brand_slug": row["product__brand__slug"],
                "price": row["product__price"],
                "currency": row["product__currency"],
                "offered": row["product__retired_at"] is None,
            }
        )
    return found


def product_url(product_id: int, base: str) -> str:
    return f"{base}/products/{product_id}/"


def brand_url(slug: str, base: str) -> str:
    return f"{base}/brands/{quote(slug)}/"


def brand_json(brand: Brand, *, base: str, products: int, role: str = "") -> dict[str, Any]:
    """A brand as its page shows it, with how many products it offers and the viewer's role;
    `give_logos` was asked for it before."""
    channel, logo = brand.channel, brand.logo  # type: ignore[attr-defined]
    return {
        "slug": brand.slug,
        "url": brand_url(brand.slug, base),
        "name": brand.name,
        "about": brand.about,
        "website": brand.website,
        "channel": {"slug": channel.slug, "name": channel.name} if channel else None,
        "aliases": brand.aliases,
        "verified": brand.is_verified,
        "verified_until": brand.verified_until,
        "logo": picture_json(logo, base=base) if logo else None,
        "products": products,
        "role": role,
    }


def brand_in_short(brand: Brand, *, base: str) -> dict[str, Any]:
    return {
        "slug": brand.slug,
        "url": brand_url(brand.slug, base),
        "name": brand.name,
        "verified": brand.is_verified,
    }


def product_json(product: Product, *, base: str) -> dict[str, Any]:
    """A product that was fetched `with_card`."""
    brand, url = product.brand, product_url(product.pk, base)
    has_way = bool(product.link) and product.retired_at is None
    return {
        "id": product.pk,
        "url": url,
        "brand": brand_in_short(brand, base=base),
        "name": product.name,
        "sku": product.sku,
        "about": product.about,
        "price": product.price,
        "currency": product.currency,
        "shop": product.shop,
        "out": f"{base}/out/products/{product.pk}/" if has_way else "",
        "aliases": product.aliases,
        "offered": product.retired_at is None,
        "pictures": [picture_json(picture, base=base) for picture in product.pictures.all()],
    }


def picture_json(picture: Picture, *, base: str) -> dict[str, Any]:
    folder = f"{base}{settings.MEDIA_URL}{picture.media_folder}/{picture.token}/"
    return {
        "id": picture.pk,
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "placeholder": picture.placeholder,
        "renditions": [
            {
                "url": folder + rendition["filename"],
                "format": rendition["format"],
                "width": rendition["width"],
                "height": rendition["height"],
            }
            for rendition in picture.renditions
        ],
    }
