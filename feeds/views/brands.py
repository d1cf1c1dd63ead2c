"""A brand's page and a product's: what it is, and the notes that speak of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of, whole_number
from community.brands.access import shown_brand, shown_product
from community.brands.lookup import give_logos
from community.errors import shows_refusals
from community.pictures_shown import picture_of
from feeds import listing
from feeds.campaigns.reading import of_brand

from .shell import cursor_of, feed_response

# The rest are found by search; a catalogue is no feed.
PRODUCTS_SHOWN, OTHERS_SHOWN = 60, 6


@require_safe
@shows_refusals
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    viewer, found = viewer_of(request), shown_brand(slug)
    give_logos([found])
    offered = found.products.offered().with_card().order_by("-pk")
    page = listing.serve_brand(viewer=viewer, brand=found, cursor=cursor_of(request))
    on_team = viewer is not None and found.members.filter(person=viewer).exists()
    return feed_response(
        request,
        page,
        "feeds/brand.html",
        brand=found,
        products=offered[:PRODUCTS_SHOWN],
        product_count=offered.count(),
        on_team=on_team,
        campaigns=of_brand(found, now=timezone.now()),
    )


@require_safe
@shows_refusals
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    viewer, found = viewer_of(request), shown_product(product_id)
    give_logos([found.brand])
    page = listing.serve_product(viewer=viewer, product=found, cursor=cursor_of(request))
    others = found.brand.products.offered().exclude(pk=found.pk)
    return feed_response(
        request,
        page,
        "feeds/product.html",
        product=found,
        pictures=[picture_of(picture) for picture in found.pictures.all()],
        others=others.with_card().order_by("-pk")[:OTHERS_SHOWN],
        came_from=whole_number(request.GET.get("note", "")),
        on_team=viewer is not None and found.brand.members.filter(person=viewer).exists(),
    )
