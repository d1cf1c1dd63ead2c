"""One's own link to a note, what came of it, forwarding, and where links lead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from accounts.errors import Invalid
from community import came_by
from community.errors import shows_refusals
from community.messaging.reading import conversations_to_choose
from community.models import Share
from community.pressed_once import pressed_once
from community.services import sharing
from community.services.access import note_for, own_note

OFFERED_FOLLOWERS = 12
OFFERED_CONVERSATIONS = 8


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def share_note(request: PersonRequest, note_id: int) -> HttpResponse:
    """The person's own link to the note: made by POST, shown by GET."""
    if request.method == "POST":
        sharing.share_note(person=request.user, note_id=note_id)
        if not request.htmx:
            return see_other(request, "share-note", note_id)
    return _share_page(request, note_id)


@require_POST
@people_only
@shows_refusals
@pressed_once
def forward_note(request: PersonRequest, note_id: int) -> HttpResponse:
    """To followers that were ticked, and to one whose name was typed."""
    to = [*request.POST.getlist("to"), request.POST.get("name", "")]
    words = request.POST.get("words", "")
    try:
        count = sharing.forward_note(
            person=request.user, note_id=note_id, to=to, words=words, now=timezone.now()
        )
    except Invalid as refusal:
        return _share_page(request, note_id, refusal=refusal, words=words, to=to)
    note = note_for(request.user, note_id)
    messages.success(request, _("Forwarded to %(count)d.") % {"count": count})
    return see_other(request, note)


def _share_page(
    request: PersonRequest,
    note_id: int,
    *,
    refusal: Invalid | None = None,
    words: str = "",
    to: list[str] | None = None,
) -> HttpResponse:
    note = note_for(request.user, note_id)
    share = Share.objects.filter(person=request.user, note=note).first()
    address = reverse("shared", args=[share.token]) if share else ""
    context: dict[str, Any] = {
        "note": note,
        "link": request.build_absolute_uri(address),
        "share": share,
        "brought": sharing.brought_by(share) if share else None,
        "conversations": conversations_to_choose(request.user, most=OFFERED_CONVERSATIONS),
        "followers": sharing.followers_to_choose(request.user, most=OFFERED_FOLLOWERS),
        "refusal": refusal,
        "words": words,
        "to": to or [],
    }
    part = "community/_share.html" if request.htmx else "community/share.html"
    return render(request, part, context, status=refusal.status if refusal else 200)


@require_safe
@shows_refusals
def follow_shared_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a share link to its note. A device counts once a link, a person once a note."""
    share = get_object_or_404(Share, token=token)
    viewer = viewer_of(request)
    answer = redirect(note_for(viewer, share.note_id))
    answer.headers["Cache-Control"] = "private, no-store"
    links = came_by.links_of(request)
    if came_by.is_somebody(request) and token not in links:
        if viewer is None or viewer.pk != share.person_id:
            sharing.arrive(share=share, person=viewer, now=timezone.now())
        if viewer is None:
            came_by.remember(answer, [*links, token], secure=request.is_secure())
    return answer


@require_safe
@people_only
@shows_refusals
def note_spread(request: PersonRequest, note_id: int) -> HttpResponse:
    """How far one's own note went by links."""
    note = own_note(request.user, note_id)
    spread = sharing.spread_of(note)
    most = max((hand.visits for hand in spread.hands), default=0)
    return render(
        request,
        "community/spread.html",
        {"note": note, "spread": spread, "most": max(1, most), "tab": "me"},
    )
