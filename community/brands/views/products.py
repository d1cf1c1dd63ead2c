"""The catalogue as the team edits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, Invalid
from accounts.limits import count_upload
from community.brands import pictures, products
from community.brands.access import team_member, team_product
from community.brands.forms import ProductForm
from community.brands.models import Product
from community.errors import shows_refusals
from community.pressed_once import pressed_once

from .shared import put_beside, team_page

LISTED_AT_MOST = 200


@require_safe
@people_only
@shows_refusals
def brand_products(request: PersonRequest, brand_slug: str) -> HttpResponse:
    """What is offered, then what no longer is, with how often each link was followed."""
    member = team_member(request.user, brand_slug)
    rows = member.brand.products.with_card().annotate(followed=Sum("clicks__clicks"))
    rows = rows.order_by("retired_at", "-pk")
    context: dict[str, Any] = {
        "products": rows[:LISTED_AT_MOST],
        "count": member.brand.products.count(),
        "here": "products",
    }
    return team_page(request, brand_slug, "products", member=member, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def add_product(request: PersonRequest, brand_slug: str) -> HttpResponse:
    member = team_member(request.user, brand_slug)
    form = ProductForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            product = products.add_product(
                actor=request.user, slug=brand_slug, facts=form.facts, now=timezone.now()
            )
            messages.success(request, _("Added. Give it pictures."))
            return see_other(request, "edit-product", product.pk)
        except DomainError as refusal:
            put_beside(form, refusal)
    status = 400 if form.is_bound else 200
    context = {"form": form, "here": "products"}
    return team_page(request, brand_slug, "product_form", member=member, status=status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def edit_product(request: PersonRequest, item_id: int) -> HttpResponse:
    product = team_product(request.user, item_id, right=None)
    form = ProductForm(request.POST) if request.method == "POST" else ProductForm.of(product)
    if form.is_valid():
        try:
            products.edit_product(
                actor=request.user, product_id=item_id, facts=form.facts, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return see_other(request, "brand-products", product.brand.slug)
        except DomainError as refusal:
            put_beside(form, refusal)
    context = {
        "form": form,
        "product": product,
        "pictures": product.pictures.all(),
        "here": "products",
    }
    status = 400 if form.is_bound else 200
    return team_page(request, product.brand.slug, "product_form", status=status, **context)


def _offering(act: Callable[..., Product]) -> Callable[..., HttpResponse]:
    @require_POST
    @people_only
    @shows_refusals
    def view(request: PersonRequest, item_id: int) -> HttpResponse:
        product = act(actor=request.user, product_id=item_id, now=timezone.now())
        return see_other(request, "edit-product", product.pk)

    return view


retire_product, return_product = map(_offering, (products.retire_product, products.return_product))


@require_POST
@people_only
@shows_refusals
@pressed_once
def add_picture(request: PersonRequest, item_id: int) -> HttpResponse:
    file = request.FILES.get("picture")
    if file is None:
        raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
    count_upload(request.user.pk)
    pictures.add_picture(
        actor=request.user,
        product_id=item_id,
        upload=cast(BinaryIO, file),
        name=file.name or "",
        alt=request.POST.get("alt", ""),
        now=timezone.now(),
    )
    return see_other(request, "edit-product", item_id)


@require_POST
@people_only
@shows_refusals
def remove_picture(request: PersonRequest, picture_id: int) -> HttpResponse:
    gone = pictures.remove_picture(actor=request.user, picture_id=picture_id, now=timezone.now())
    if gone.product_id is None:
        return see_other(request, "brand-desk", gone.brand.slug)
    return see_other(request, "edit-product", gone.product_id)
