"""Like and collect, and their opposites: htmx gets the button as it is now, a form goes back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.asking import PersonRequest, go_back, people_only
from community.errors import shows_refusals
from community.models import NoteStats
from community.services import reactions
from community.services.access import note_for

Act = Callable[..., bool]


@require_POST
@people_only
@shows_refusals
def like_note(request: PersonRequest, note_id: int) -> HttpResponse:
    return _react(request, note_id, reactions.like_note, "like", on=True)


@require_POST
@people_only
@shows_refusals
def unlike_note(request: PersonRequest, note_id: int) -> HttpResponse:
    return _react(request, note_id, reactions.unlike_note, "like", on=False)


@require_POST
@people_only
@shows_refusals
def collect_note(request: PersonRequest, note_id: int) -> HttpResponse:
    return _react(request, note_id, reactions.collect_note, "collect", on=True)


@require_POST
@people_only
@shows_refusals
def uncollect_note(request: PersonRequest, note_id: int) -> HttpResponse:
    return _react(request, note_id, reactions.uncollect_note, "collect", on=False)


def _react(request: PersonRequest, note_id: int, act: Act, kind: str, *, on: bool) -> HttpResponse:
    act(person=request.user, note_id=note_id)
    if not request.htmx:
        return go_back(request, reverse("note", args=[note_id]))
    note_for(request.user, note_id)  # undoing needs no gate, but the count is told through it
    counter = NoteStats.objects.filter(note=note_id).values_list(f"{kind}s", flat=True).first()
    context = {"note_id": note_id, "kind": kind, "on": on, "count": counter or 0}
    answer = render(request, "community/_reaction.html", context)
    if kind == "collect" and on:
        answer.write(render_to_string("albums/_offer.html", context, request=request))
    return answer
