"""Pages about one's own data: ask for the archive, watch it being made, fetch it."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from community.errors import shows_refusals
from community.views.ranges import file_in_parts

from . import services
from .models import Archive


@require_safe
@people_only
def my_data(request: PersonRequest) -> HttpResponse:
    context = {
        "archive": Archive.objects.of(request.user).newest().first(),
        "days": settings.ARCHIVE_DAYS,
        "here": "data",
    }
    return render(request, "archives/my_data.html", context)


@require_POST
@people_only
@shows_refusals
def ask(request: PersonRequest) -> HttpResponse:
    services.ask_for_archive(person=request.user, now=timezone.now())
    return see_other(request, "my-data")


@require_safe
@people_only
@shows_refusals
def state(request: PersonRequest, archive_id: int) -> HttpResponse:
    """How far it is: a part of the page, which asks again until it is done."""
    archive = services.own_archive(request.user, archive_id)
    answer = render(request, "archives/_archive.html", {"archive": archive})
    return answer if archive.is_on_its_way else whole_page_again(answer)


def whole_page_again(answer: HttpResponse) -> HttpResponse:
    """What stands around the part is another, too, once it is done."""
    answer.headers["HX-Refresh"] = "true"
    return answer


@require_POST
@people_only
@shows_refusals
def remove(request: PersonRequest, archive_id: int) -> HttpResponse:
    services.throw_away(person=request.user, archive_id=archive_id)
    messages.success(request, _("The archive is removed."))
    return see_other(request, "my-data")


@require_safe
@people_only
@reauthentication_required
@shows_refusals
def fetch(request: PersonRequest, archive_id: int) -> HttpResponse:
    """The file, for who has just shown that it is them; in parts, so that a download can go on."""
    archive, path = services.archive_to_fetch(request.user, archive_id, now=timezone.now())
    answer = file_in_parts(
        request, path, content_type="application/zip", etag=quote_etag(archive.token[:16])
    )
    day = f"{archive.ready_at:%Y-%m-%d}"
    name = f"rockpool-{request.user.username}-{day}.zip"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
