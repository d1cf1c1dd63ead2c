"""Who led readers to the shop, for the team of the brand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from community.brands.access import team_product
from community.brands.click_report import HEAD, SPANS, csv_of, report_on
from community.errors import shows_refusals

from .shared import team_page


@require_safe
@people_only
@shows_refusals
def product_clicks(request: PersonRequest, item_id: int) -> HttpResponse:
    """How often a product's link was followed, by the note that led there."""
    product, days = team_product(request.user, item_id, right=None), _days(request)
    context: dict[str, Any] = {
        "product": product,
        "report": report_on(product, days, viewer=request.user, now=timezone.now()),
        "days": days,
        "spans": SPANS,
        "here": "products",
    }
    return team_page(request, product.brand.slug, "product_clicks", **context)


@require_safe
@people_only
@shows_refusals
def product_clicks_file(request: PersonRequest, item_id: int) -> HttpResponse:
    product = team_product(request.user, item_id, right=None)
    report = report_on(product, _days(request), viewer=request.user, now=timezone.now())
    answer = HttpResponse(csv_of(HEAD, report.lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="clicks-{product.pk}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _days(request: PersonRequest) -> int:
    """The span asked for; four weeks where nothing sensible was."""
    asked = request.GET.get("days", "")
    return next((days for days in SPANS if asked == str(days)), 28)
