"""Shapes of what is sent and answered about brands and products."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import PageQuery, PlainLine, StrictText, TrueOrFalse, Whole
from accounts.api.serializers import Author
from accounts.names import MAX_LENGTH
from community.api.serializers import ChannelName, Rendition
from community.brands import rules
from community.brands.click_report import SPANS
from community.brands.links import LONGEST_LINK
from community.brands.models.team import Role

Shape = serializers.Serializer[Any]


def _aliases() -> Any:
    return serializers.ListField(
        child=PlainLine(max_length=rules.ALIAS_LENGTH),
        max_length=rules.MOST_ALIASES,
        required=False,
        help_text="Other names by which searches find it.",
    )


# ---------------------------------------------------------------- answers
class CataloguePicture(Shape):
    id = serializers.IntegerField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    placeholder = serializers.CharField(help_text="A data: address of a few pixels.")
    renditions = Rendition(many=True)


class BrandSerializer(Shape):
    slug = serializers.CharField()
    url = serializers.URLField(help_text="The brand's page.")
    name = serializers.CharField()
    about = serializers.CharField()
    website = serializers.CharField(help_text="A checked web address, or empty.")
    channel = ChannelName(allow_null=True)
    aliases = serializers.ListField(child=serializers.CharField())
    verified = serializers.BooleanField(help_text="Staff know who stands behind it.")
    verified_until = serializers.DateTimeField(allow_null=True)
    logo = CataloguePicture(allow_null=True)
    products = serializers.IntegerField(help_text="How many it offers.")
    role = serializers.ChoiceField(
        choices=["", *Role.values], help_text="Yours on its team; empty for who is on none."
    )


class ClicksQuery(Shape):
    days = serializers.ChoiceField(choices=[str(days) for days in SPANS], default="28")


class NoteClicksSerializer(Shape):
    note = serializers.IntegerField()
    clicks = serializers.IntegerField()


class ClicksOfDaySerializer(Shape):
    day = serializers.DateField()
    note = serializers.IntegerField(allow_null=True, help_text="null: from elsewhere.")
    clicks = serializers.IntegerField()


class ProductClicksSerializer(Shape):
    total = serializers.IntegerField()
    notes = NoteClicksSerializer(many=True)
    elsewhere = serializers.IntegerField(help_text="From no note, or from one you may not see.")
    days = ClicksOfDaySerializer(many=True)


class BrandInProduct(Shape):
    slug = serializers.CharField()
    url = serializers.URLField()
    name = serializers.CharField()
    verified = serializers.BooleanField()


class ProductSerializer(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The product's page.")
    brand = BrandInProduct()
    name = serializers.CharField()
    sku = serializers.CharField()
    about = serializers.CharField()
    price = serializers.IntegerField(allow_null=True, help_text="Whole minor units.")
    currency = serializers.CharField(help_text="ISO 4217; empty where there is no price.")
    shop = serializers.CharField(help_text="The host its link leads to; empty without one.")
    out = serializers.CharField(help_text="Leads to the shop and counts the click, or empty.")
    aliases = serializers.ListField(child=serializers.CharField())
    offered = serializers.BooleanField()
    pictures = CataloguePicture(many=True)


class MemberSerializer(Shape):
    person = Author()
    role = serializers.ChoiceField(choices=Role.values)
    joined_at = serializers.DateTimeField()


class MemberList(Shape):
    results = MemberSerializer(many=True)


class InvitationSerializer(Shape):
    id = serializers.IntegerField()
    brand = serializers.CharField(help_text="Its handle.")
    name = serializers.CharField(help_text="Its name.")
    role = serializers.ChoiceField(choices=Role.values)
    created_at = serializers.DateTimeField()


class InvitationList(Shape):
    results = InvitationSerializer(many=True)


class LineFault(Shape):
    line = serializers.IntegerField(help_text="Line of the file; the first one is 1.")
    reason = serializers.CharField()


class ImportReport(Shape):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField(help_text="Rows that said what was so already.")
    not_taken = LineFault(many=True)


# ---------------------------------------------------------------- what is sent
class BrandFields(Shape):
    name = PlainLine(max_length=rules.NAME_LENGTH, required=False)
    about = StrictText(max_length=rules.ABOUT_LENGTH, required=False, allow_blank=True)
    website = PlainLine(max_length=LONGEST_LINK, required=False, allow_blank=True)
    channel = serializers.SlugField(max_length=60, required=False, allow_null=True)
    aliases = _aliases()


class NewBrandBody(BrandFields):
    slug = PlainLine(max_length=MAX_LENGTH, help_text="Its address for ever.")
    name = PlainLine(max_length=rules.NAME_LENGTH)


class ProductFields(Shape):
    name = PlainLine(max_length=rules.PRODUCT_NAME_LENGTH, required=False)
    sku = PlainLine(max_length=rules.SKU_LENGTH, required=False, allow_blank=True)
    about = StrictText(max_length=rules.ABOUT_LENGTH, required=False, allow_blank=True)
    price = Whole(
        min_value=1, max_value=rules.MOST_PRICE, required=False, allow_null=True,
        help_text="Whole minor units.",
    )  # fmt: skip
    currency = PlainLine(max_length=3, required=False, allow_blank=True)
    link = PlainLine(max_length=LONGEST_LINK, required=False, allow_blank=True)
    aliases = _aliases()


class NewProductBody(ProductFields):
    name = PlainLine(max_length=rules.PRODUCT_NAME_LENGTH)


class ProductChangeBody(ProductFields):
    """Fields left out stay as they are."""

    offered = TrueOrFalse(required=False)


class InviteBody(Shape):
    username = PlainLine(max_length=60)
    role = serializers.ChoiceField(choices=Role.values)


class RoleBody(Shape):
    role = serializers.ChoiceField(choices=Role.values)


class ProductQuery(PageQuery):
    brand = serializers.CharField(max_length=MAX_LENGTH, required=False, help_text="A handle.")
    q = serializers.CharField(max_length=100, required=False, help_text="Words of its names.")


class ImportBody(Shape):
    file = serializers.FileField()
