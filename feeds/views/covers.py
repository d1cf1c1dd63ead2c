"""The author's part in a cover test: a second cover in time, and a decision by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asking import PersonRequest, people_only, see_other, whole_number
from accounts.errors import Invalid
from community.errors import shows_refusals
from feeds.covers import services


@require_POST
@people_only
@shows_refusals
def start(request: PersonRequest, note_id: int) -> HttpResponse:
    picture = whole_number(request.POST.get("picture", ""))
    if picture is None:
        raise Invalid(_("Choose the picture that shall be the second cover."), field="picture")
    services.choose_late(author=request.user, note_id=note_id, image_id=picture, now=timezone.now())
    messages.success(request, _("Both covers are shown from now on."))
    return see_other(request, "pool", note_id)


@require_POST
@people_only
@shows_refusals
def stop(request: PersonRequest, note_id: int) -> HttpResponse:
    keep = request.POST.get("keep", "")
    services.stop(author=request.user, note_id=note_id, keep=keep, now=timezone.now())
    messages.success(request, _("The test is over. Everybody sees this cover now."))
    return see_other(request, "pool", note_id)
