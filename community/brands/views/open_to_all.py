"""What readers and writers ask for: the way out to a shop, files of pictures, products to link."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only, whole_number
from accounts.errors import NotFound
from community.brands import clicks
from community.brands.access import shown_product
from community.brands.linking import products_to_offer
from community.brands.models import Picture
from community.brands.rules import MOST_LINKED
from community.brands.wording import checked_link
from community.errors import shows_refusals
from community.services.kept_pictures import file_of
from community.views.media import PUBLIC, send_file


@require_safe
@shows_refusals
def out(request: HttpRequest, product_id: int) -> HttpResponse:
    """On to the shop, once the link is found safe again: rules may have changed since."""
    product = shown_product(product_id)
    if product.retired_at is not None or not product.link:
        raise NotFound(_("This product is not offered any more."))
    address = checked_link(product.link, field="link")
    came_from = whole_number(request.GET.get("note", ""))
    clicks.count(request, product, now=timezone.now(), note_id=came_from)
    answer = HttpResponseRedirect(address)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "origin"
    return answer


@require_safe
def catalogue_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """A picture of a product, or a logo; nothing of a suspended brand."""
    rows = Picture.objects.filter(token=token, state=Picture.State.READY, brand__suspended_at=None)
    found = file_of(rows.first(), file)
    if found is None:
        raise Http404
    return send_file(request, *found, PUBLIC)


@require_safe
@people_only
def suggest_products(request: PersonRequest) -> HttpResponse:
    """The writer's choice: what is ticked, then what the words find."""
    ticked = map(whole_number, request.GET.getlist("product")[:MOST_LINKED])
    chosen = [number for number in ticked if number is not None]
    words = request.GET.get("product_q", "").replace("\0", " ")[:100]
    context = {
        "offered": products_to_offer(words, chosen=chosen),
        "chosen": chosen,
        "product_q": words,
    }
    return render(request, "brands/_picks.html", context)
