"""The open pool page: where the author's note stands, what decided it, what comes next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import people_only, viewer_of
from community.errors import shows_refusals
from community.services.access import own_note
from feeds import pool_keeper


@require_safe
@people_only
@shows_refusals
def pool(request: HttpRequest, note_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    note = own_note(viewer, note_id)  # type: ignore[arg-type]  # people_only
    view = pool_keeper.pool_page(note, timezone.now())
    return render(request, "feeds/pool.html", {"note": note, "pool": view, "tab": "me"})
