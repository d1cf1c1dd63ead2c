"""Pictures of products and logos of brands: who may set which."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.outbox.jobs import enqueue
from community.services import kept_pictures
from community.text.clean import clean_line

from .access import note_down, team_member, team_product
from .models import Brand, BrandLog, Picture, Product
from .rules import MOST_PICTURES, Right

ALT_LENGTH = 300
State = Picture.State


def set_logo(*, actor: User, slug: str, upload: BinaryIO, name: str, now: datetime) -> Picture:
    """A logo in place of the present one. Raises Invalid, NotFound, NotAllowed, Conflict."""
    kept_pictures.check_upload(upload, name)
    with transaction.atomic():
        brand = team_member(actor, slug, Right.PAGE).brand
        for picture in brand.pictures.filter(product=None):
            kept_pictures.forget(picture)
        return _take(actor, brand, None, upload, alt=brand.name, position=0, now=now)


def add_picture(
    *, actor: User, product_id: int, upload: BinaryIO, name: str, alt: str = "", now: datetime
) -> Picture:
    """One more picture of a product. Raises Invalid, NotFound, NotAllowed, Conflict."""
    kept_pictures.check_upload(upload, name)
    with transaction.atomic():
        product = team_product(actor, product_id)
        kept = list(product.pictures.exclude(state=State.REFUSED))
        if len(kept) >= MOST_PICTURES:
            text = _("A product has at most %(count)d pictures.") % {"count": MOST_PICTURES}
            raise Invalid(text, field="picture", code="too_many")
        position = 1 + max((picture.position for picture in kept), default=-1)
        alt = clean_line(alt, max_length=ALT_LENGTH) or product.name
        return _take(actor, product.brand, product, upload, alt=alt, position=position, now=now)


def remove_picture(*, actor: User, picture_id: int, now: datetime) -> Picture:
    """Raises NotFound, NotAllowed, Conflict."""
    with transaction.atomic():
        picture = Picture.objects.select_related("brand", "product").filter(pk=picture_id).first()
        if picture is None:
            raise NotFound
        right = Right.PAGE if picture.product is None else Right.PRODUCTS
        team_member(actor, picture.brand.slug, right)
        words = str(picture.product or "")
        kept_pictures.forget(picture)
        note_down(picture.brand, BrandLog.Act.PICTURE, by=actor, now=now, words=words)
    return picture


def _take(
    actor: User,
    brand: Brand,
    product: Product | None,
    upload: BinaryIO,
    *,
    alt: str,
    position: int,
    now: datetime,
) -> Picture:
    with kept_pictures.kept_upload(upload) as token:
        picture = Picture.objects.create(
            brand=brand, product=product, position=position, alt=alt, token=token, created_at=now
        )
        enqueue("brands.process_picture", key=picture.pk, picture=picture.pk)
        note_down(brand, BrandLog.Act.PICTURE, by=actor, now=now, words=str(product or ""))
    return picture
