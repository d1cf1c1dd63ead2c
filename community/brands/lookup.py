"""Which brands and products a query names, whatever else it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from community.search.prefixes import begins

from .models import Brand, CatalogueName, Picture, Product
from .rules import keys_within, name_key, says_enough

BRANDS_SHOWN, PRODUCTS_SHOWN = 2, 6
# A list of products by themselves: whoever has not found theirs by then types another letter.
PRODUCTS_LISTED = 50
# Names looked at for one query; the longest are the most telling.
NAMES_READ = 60


@dataclass(frozen=True, slots=True)
class Named:
    """What stands above the results of a search; false when the query names nothing."""

    brands: list[Brand] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.brands or self.products)


def named_in(query: str) -> Named:
    """Brands and products whose name or alias stands in the query, or begins with all of it."""
    names = _names(query)
    brand_ids = list(dict.fromkeys(row.brand_id for row in names if row.product_id is None))
    product_ids = list(dict.fromkeys(pk for row in names if (pk := row.product_id)))
    if not names:
        return Named()
    brands = _in_order(Brand.objects.filter(pk__in=brand_ids[:BRANDS_SHOWN]), brand_ids)
    products = Product.objects.offered().filter(pk__in=product_ids[:PRODUCTS_SHOWN]).with_card()
    found = _in_order(products, product_ids)
    give_logos(brands)
    return Named(brands, found)


def products_called(words: str) -> QuerySet[Product]:
    """Offered products whose names begin with these words, or hold them, the shortest key first."""
    key = name_key(words)
    if not key:
        return Product.objects.none()
    # Each asked by itself: a join of both would pair every product with every name of its brand.
    begins = Q(key__startswith=key) | Q(key__contains=f" {key}")
    named = CatalogueName.objects.filter(begins, product__isnull=False).values("product")
    brands = CatalogueName.objects.filter(key__startswith=key, product=None).values("brand")
    rows = Product.objects.offered().filter(Q(pk__in=named) | Q(brand__in=brands))
    return rows.order_by("name_key", "pk")


def find_products(query: str) -> list[Product]:
    """Offered products for a list by themselves: first those that the query names among other
    words, then those whose names begin with it or hold it."""
    named = named_in(query).products
    known = {product.pk for product in named}
    called = products_called(query).with_card()[:PRODUCTS_LISTED]  # type: ignore[attr-defined]
    return (named + [product for product in called if product.pk not in known])[:PRODUCTS_LISTED]


def names_beginning(begun: str, *, most: int) -> list[CatalogueName]:
    """Names of brands and offered products that begin so, for who is still typing; each brand and
    product once."""
    key = name_key(begun)
    if not says_enough(key):
        return []
    rows = (
        CatalogueName.objects.filter(begins("key", key), brand__suspended_at=None)
        .filter(Q(product=None) | Q(product__retired_at=None))
        .select_related("brand", "product")
        .order_by("key", "pk")
    )
    once = {(row.brand_id, row.product_id): row for row in reversed(rows[:NAMES_READ])}
    return list(reversed(once.values()))[:most]


def give_logos(brands: list[Brand]) -> None:
    """Each with `logo`, its ready picture or None, in one query."""
    logos = Picture.objects.filter(
        brand__in=[brand.pk for brand in brands], product=None, state=Picture.State.READY
    )
    by_brand = {logo.brand_id: logo for logo in logos}
    for brand in brands:
        brand.logo = by_brand.get(brand.pk)  # type: ignore[attr-defined]


def _names(query: str) -> list[CatalogueName]:
    """Names in the query, the longest first: "tidal kiln bowl" means the bowl before the kiln."""
    keys = [key for key in keys_within(query) if says_enough(key)]
    if not keys:
        return []
    whole = name_key(query)
    rows = CatalogueName.objects.filter(
        Q(key__in=keys) | Q(key__startswith=f"{whole} "), brand__suspended_at=None
    ).filter(Q(product=None) | Q(product__retired_at=None))
    return sorted(rows[:NAMES_READ], key=lambda row: (-len(row.key), row.pk))


def _in_order(rows: QuerySet, ids: list[int]) -> list:
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]
