"""Forms of a brand's team: they clean what was typed, services judge it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.errors import Invalid
from accounts.wallet import money
from community.forms import Line, Text, Words
from community.models import Channel

from . import rules
from .links import LONGEST_LINK
from .models import Brand, Product
from .models.team import Role
from .models.verification import WORDS_LENGTH
from .products import ProductFacts
from .services import BrandPage


def _at_most(limit: int) -> dict[str, Any]:
    message = _("At most %(limit_value)d characters: this has %(show_value)d.")
    return {"max_length": limit, "error_messages": {"max_length": message}}


class AliasesField(Words):
    """Other names between commas or lines."""

    def __init__(self, **how: Any) -> None:
        super().__init__(
            label=_("Other names"),
            required=False,
            help_text=_("Between commas, in any language: searches find it by each of them."),
            **_at_most(1_000),
            **how,
        )


class BrandForm(forms.Form):
    name = Line(label=_("Name of the brand"), **_at_most(rules.NAME_LENGTH))
    about = Text(
        label=_("About"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        **_at_most(rules.ABOUT_LENGTH),
    )
    website = Line(label=_("Website"), required=False, **_at_most(LONGEST_LINK))
    channel = forms.ModelChoiceField(
        label=_("Channel"),
        queryset=Channel.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("Choose a channel"),
    )
    aliases = AliasesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = Channel.objects.open()  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    @property
    def page(self) -> BrandPage:
        typed = self.cleaned_data
        return BrandPage(
            name=typed["name"],
            about=typed["about"],
            website=typed["website"],
            channel=typed["channel"],
            aliases=Words.split(typed["aliases"]),
        )

    @classmethod
    def of(cls, brand: Brand) -> BrandForm:
        return cls(
            initial={
                "name": brand.name,
                "about": brand.about,
                "website": brand.website,
                "channel": brand.channel.slug if brand.channel else "",
                "aliases": ", ".join(brand.aliases),
            }
        )


class OpenForm(BrandForm):
    slug = Line(
        label=_("Handle"),
        help_text=_("The address of the page; it stays for ever. Letters and digits."),
        **_at_most(30),
    )
    field_order = ("name", "slug", "about", "website", "channel", "aliases")


class ProductForm(forms.Form):
    name = Line(label=_("Name of the product"), **_at_most(rules.PRODUCT_NAME_LENGTH))
    price = Line(label=_("Price"), required=False, **_at_most(20))
    currency = Line(label=_("Currency"), required=False, **_at_most(3))
    link = Line(label=_("Link to the shop"), required=False, **_at_most(LONGEST_LINK))
    sku = Line(label=_("Article number"), required=False, **_at_most(rules.SKU_LENGTH))
    about = Text(
        label=_("About"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        **_at_most(rules.ABOUT_LENGTH),
    )
    aliases = AliasesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"currency": settings.CURRENCY})
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        self.fields["price"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        code = (typed.get("currency") or settings.CURRENCY).upper()
        typed["currency"], typed["minor"] = code, None
        if typed.get("price"):
            try:
                typed["minor"] = money.read(typed["price"], code)
            except Invalid as refusal:
                self.add_error("price", str(refusal))
        return typed

    @property
    def facts(self) -> ProductFacts:
        typed = self.cleaned_data
        return ProductFacts(
            name=typed["name"],
            sku=typed["sku"],
            about=typed["about"],
            price=typed["minor"],
            currency=typed["currency"],
            link=typed["link"],
            aliases=Words.split(typed["aliases"]),
        )

    @classmethod
    def of(cls, product: Product) -> ProductForm:
        code = product.currency or settings.CURRENCY
        price = "" if product.price is None else money.plain(product.price, code)
        return cls(
            initial={
                "name": product.name,
                "price": price,
                "currency": code,
                "link": product.link,
                "sku": product.sku,
                "about": product.about,
                "aliases": ", ".join(product.aliases),
            }
        )


class InviteForm(forms.Form):
    username = Line(label=_("Name of the person"), **_at_most(60))
    role = forms.ChoiceField(label=_("Role"), choices=())

    def __init__(self, *args: Any, roles: Iterable[str] = Role.values, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"role": Role.EDITOR})
        super().__init__(*args, **kwargs)
        given = [(value, label) for value, label in Role.choices if value in set(roles)]
        self.fields["role"].choices = given  # type: ignore[attr-defined]


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ApplyForm(forms.Form):
    words = Text(
        label=_("To staff, if you like"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        **_at_most(WORDS_LENGTH),
    )
    documents = forms.FileField(
        label=_("Documents"),
        required=False,
        widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
