"""What a brand offers, under which names it is found, and in which notes it stands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.brands.links import LONGEST_LINK, host_of
from community.brands.rules import ABOUT_LENGTH, PRODUCT_NAME_LENGTH, SKU_LENGTH
from community.models import Note
from community.models.kept_picture import KeptPicture

from .brand import Brand


class ProductQuerySet(models.QuerySet["Product"]):
    def shown(self) -> Self:
        """What anybody may meet, also what is no longer offered: notes still speak of it."""
        return self.filter(brand__suspended_at=None)

    def offered(self) -> Self:
        return self.shown().filter(retired_at=None)

    def with_card(self) -> Self:
        """What a product's card shows, in two queries."""
        ready = Picture.objects.filter(state=Picture.State.READY)
        return self.select_related("brand").prefetch_related(models.Prefetch("pictures", ready))


class Product(models.Model):
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(_("name"), max_length=PRODUCT_NAME_LENGTH)
    # With the brand the natural key: an import finds a product by its sku, else by its name.
    name_key = models.CharField(max_length=PRODUCT_NAME_LENGTH * 2, editable=False)
    sku = models.CharField(_("article number"), max_length=SKU_LENGTH, blank=True)
    about = models.TextField(_("about"), max_length=ABOUT_LENGTH, blank=True)
    # Whole minor units of `currency`; None: no price is said.
    price = models.PositiveBigIntegerField(_("price"), null=True, blank=True)
    # An ISO 4217 code, empty where there is no price.
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # Checked by links.safe_link, and again on the way out.
    link = models.CharField(_("link"), max_length=LONGEST_LINK, blank=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    created_at = models.DateTimeField(editable=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes: ClassVar = [models.Index(fields=["brand", "-id"], name="product_of_brand")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "name_key"], name="product_name_once"),
            models.UniqueConstraint(
                fields=["brand", "sku"], condition=~Q(sku=""), name="product_sku_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])

    @property
    def shop(self) -> str:
        """The host that its link leads to."""
        return host_of(self.link)


class Picture(KeptPicture):
    """A product's picture, or the brand's logo where there is no product."""

    media_folder: ClassVar = "catalogue"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="pictures")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, related_name="pictures"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand"], condition=Q(product=None), name="one_logo")
        ]

    def __str__(self) -> str:
        return f"{self.product_id or self.brand_id}/{self.position}"


class CatalogueName(models.Model):
    """A name under which a search finds a brand or, if one is given, its product."""

    # rules.name_key of the name or alias.
    key = models.CharField(max_length=200, db_index=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="names")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="names")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "key"], condition=Q(product=None), name="brand_name_key"
            ),
            models.UniqueConstraint(
                fields=["product", "key"], condition=~Q(product=None), name="product_name_key"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class NoteProduct(models.Model):
    """A product that a note's author linked."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="product_links")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="note_links")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "product"], name="product_in_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.note_id}"


class ProductClicks(models.Model):
    """How often a product's link was followed on one day. Nothing says by whom."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="clicks")
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("clicks on a product")
        verbose_name_plural = _("clicks on products")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "day"], name="clicks_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.day}: {self.clicks}"


class NoteClicks(models.Model):
    """Of these, by readers who came to the product from a note that links it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="product_clicks")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="note_clicks")
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("clicks from a note")
        verbose_name_plural = _("clicks from notes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "product", "day"], name="note_clicks_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} → {self.product_id} {self.day}: {self.clicks}"
