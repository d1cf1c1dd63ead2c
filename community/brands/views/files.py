"""A catalogue in by file, and out by file."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asking import PersonRequest, people_only
from accounts.errors import Invalid
from accounts.limits import count_upload
from community.brands import importing
from community.brands.access import team_member
from community.brands.csv_rows import LARGEST_FILE
from community.errors import shows_refusals
from community.pressed_once import pressed_once

from .shared import team_page


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def import_products(request: PersonRequest, brand_slug: str) -> HttpResponse:
    """The form, and after sending what became of each line."""
    member = team_member(request.user, brand_slug)
    report, refusal = None, None
    if request.method == "POST":
        try:
            report = _import(request, brand_slug)
        except Invalid as refused:
            refusal = refused
    context = {
        "report": report,
        "faults": importing.told(report.faults) if report else [],
        "refusal": refusal,
        "here": "products",
    }
    status = 400 if refusal else 200
    return team_page(request, brand_slug, "import", member=member, status=status, **context)


def _import(request: PersonRequest, brand_slug: str) -> importing.Report:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("No file arrived. Choose it again."), field="file")
    count_upload(request.user.pk)
    return importing.import_products(
        actor=request.user,
        slug=brand_slug,
        raw=file.read(LARGEST_FILE + 1),
        now=timezone.now(),
    )


@require_safe
@people_only
@shows_refusals
def export_products(request: PersonRequest, brand_slug: str) -> HttpResponse:
    brand = team_member(request.user, brand_slug).brand
    answer = HttpResponse(importing.exported(brand), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="products.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
