"""Pin a note to one's profile, from the note's menu."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asking import PersonRequest, people_only, see_other
from community.errors import shows_refusals

from .pins import pin_note, unpin_note


@require_POST
@people_only
@shows_refusals
def pin(request: PersonRequest, note_id: int) -> HttpResponse:
    pin_note(person=request.user, note_id=note_id)
    messages.success(request, _("It stands first on your profile."))
    return see_other(request, request.user)


@require_POST
@people_only
@shows_refusals
def unpin(request: PersonRequest, note_id: int) -> HttpResponse:
    if unpin_note(person=request.user, note_id=note_id):
        messages.success(request, _("It is not pinned any more."))
    return see_other(request, request.user)
