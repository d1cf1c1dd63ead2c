"""The demo's brands: opened and filled by the same services as everybody's, once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string

from accounts.models import User
from community.brands.linking import link_products
from community.brands.models import Brand, Picture, Product
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand
from community.models import Channel, ImportedRow, Note
from community.outbox.jobs import enqueue, handler
from community.services.kept_pictures import take_drawn

SOURCE = "demo"
FILE = Path(__file__).parent / "demo" / "brands.toml"
Kind = ImportedRow.Kind


@handler("demo.draw_product", queue="media", atomic=False)
def draw_product(*, picture: int, motif: str, palette: str, seed: int, ratio: str) -> None:
    """Draw one picture of the catalogue. Done already: nothing to do."""
    row = Picture.objects.filter(pk=picture, state=Picture.State.PROCESSING).first()
    if row is not None:
        from .demo.pictures import draw  # with numpy and 47 motifs: not for every process

        take_drawn(row, draw(motif, palette, seed, ratio))


def open_brands(*, now: datetime) -> None:
    """Open the brands that are not there yet; what was changed since stays."""
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["brand"]:
        owner = User.objects.filter(pk__in=_made(Kind.PERSON, [row["owner"]]).values()).first()
        if owner is not None and not Brand.objects.filter(slug=row["slug"]).exists():
            with transaction.atomic():
                _open(row, owner, now)


def _open(row: dict[str, Any], owner: User, now: datetime) -> None:
    page = BrandPage(
        name=row["name"],
        about=row["about"],
        website=row["website"],
        aliases=row["aliases"],
        channel=Channel.objects.filter(slug=row["channel"]).first(),
    )
    brand = open_brand(owner=owner, slug=row["slug"], page=page, now=now)
    until = now + timedelta(days=settings.BRAND_VERIFIED_DAYS)
    Brand.objects.filter(pk=brand.pk).update(verified_until=until)
    _draw(brand, None, [row["logo"]], now)
    links: dict[str, list[int]] = {}
    paid: set[str] = set()
    for item in row["product"]:
        pictures, notes = item.pop("pictures"), item.pop("notes")
        product = add_product(actor=owner, slug=brand.slug, facts=ProductFacts(**item), now=now)
        _draw(brand, product, pictures, now)
        for note, label in notes:
            links.setdefault(note, []).append(product.pk)
            paid |= {note} if label else set()
    _link(links, paid)


def _draw(
    brand: Brand, product: Product | None, pictures: Iterable[list[Any]], now: datetime
) -> None:
    for position, (motif, palette, seed, ratio, alt) in enumerate(pictures):
        picture = Picture.objects.create(
            brand=brand,
            product=product,
            position=position,
            alt=alt,
            token=get_random_string(22),
            created_at=now,
        )
        how = {"motif": motif, "palette": palette, "seed": seed, "ratio": ratio}
        enqueue("demo.draw_product", key=picture.pk, picture=picture.pk, **how)


def _link(links: dict[str, list[int]], paid: set[str]) -> None:
    """Notes as their authors would have written them: with the products, labelled where paid."""
    made = _made(Kind.NOTE, links)
    for name, note in ((name, Note.objects.get(pk=pk)) for name, pk in made.items()):
        link_products(note, links[name])
        label = Note.Disclosure.PAID if name in paid else Note.Disclosure.NONE
        Note.objects.filter(pk=note.pk).update(disclosure=label, revision=F("revision") + 1)


def _made(kind: int, names: Iterable[str]) -> dict[str, int]:
    """Ids of what the import made of these names."""
    rows = ImportedRow.objects.filter(source=SOURCE, kind=kind, external_id__in=list(names))
    return {name: pk for name, pk in rows.values_list("external_id", "object_id") if pk is not None}
