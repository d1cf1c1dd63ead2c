"""Applying for the badge. Of what was sent the team sees the names, and nobody but staff more."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, NotAllowed
from accounts.limits import count_upload
from community.brands import documents, verification
from community.brands.access import team_member
from community.brands.forms import ApplyForm
from community.brands.models import Verification
from community.brands.rules import Right, may
from community.errors import shows_refusals
from community.pressed_once import pressed_once

from .shared import put_beside, team_page


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def brand_verification(request: PersonRequest, brand_slug: str) -> HttpResponse:
    member = team_member(request.user, brand_slug)
    if not may(member.role, Right.VERIFY):
        raise NotAllowed(_("Your role on this team does not include that."))
    form = ApplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _apply(request, brand_slug, form):
        messages.success(request, _("Sent. Staff look at it and tell you."))
        return see_other(request, "brand-verification", brand_slug)
    applications = list(member.brand.verifications.prefetch_related("documents")[:5])
    context = {
        "form": form,
        "applications": applications,
        "waits": any(row.state == Verification.State.WAITING for row in applications),
        "most": documents.MOST_DOCUMENTS,
        "largest": documents.LARGEST >> 20,
        "here": "verification",
    }
    status = 400 if form.is_bound else 200
    return team_page(request, brand_slug, "verification", member=member, status=status, **context)


def _apply(request: PersonRequest, brand_slug: str, form: ApplyForm) -> bool:
    files = request.FILES.getlist("documents")
    try:
        for _file in files:
            count_upload(request.user.pk)
        verification.apply(
            actor=request.user,
            slug=brand_slug,
            words=form.cleaned_data["words"],
            files=[(cast(BinaryIO, file), file.name or "") for file in files],
            now=timezone.now(),
        )
    except DomainError as refusal:
        put_beside(form, refusal)
        return False
    return True
