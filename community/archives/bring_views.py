"""Bring a file from elsewhere: choose it, watch it being taken in, read what was not taken."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Invalid
from community.errors import shows_refusals
from community.pressed_once import pressed_once

from . import intake as intakes
from .models import Intake
from .views import whole_page_again


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def bring(request: PersonRequest) -> HttpResponse:
    refusal: Invalid | None = None
    if request.method == "POST":
        try:
            _take(request)
        except Invalid as error:
            refusal = error
        else:
            return see_other(request, "bring")
    context = {
        "intake": Intake.objects.of(request.user).newest().first(),
        "ways": Intake.How.choices,
        "refusal": refusal,
        "largest": settings.INTAKE_LARGEST_BYTES // 1_000_000,
        "here": "data",
    }
    return render(request, "archives/bring.html", context, status=400 if refusal else 200)


def _take(request: PersonRequest) -> None:
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        raise Invalid(_("Choose a file."), field="file")
    intakes.bring(
        person=request.user,
        upload=cast(BinaryIO, upload.file),
        name=upload.name or "",
        how=request.POST.get("how", ""),
        now=timezone.now(),
    )


@require_safe
@people_only
@shows_refusals
def state(request: PersonRequest, intake_id: int) -> HttpResponse:
    intake = intakes.own_intake(request.user, intake_id)
    answer = render(request, "archives/_intake.html", {"intake": intake})
    return answer if intake.is_on_its_way else whole_page_again(answer)


@require_POST
@people_only
@shows_refusals
def stop(request: PersonRequest, intake_id: int) -> HttpResponse:
    intakes.stop(person=request.user, intake_id=intake_id, now=timezone.now())
    return see_other(request, "bring")
