"""When a draft publishes itself: change the time, or take it off the plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Invalid, NotFound
from community.errors import shows_refusals
from community.forms import ScheduleForm
from community.schedules.models import Schedule
from community.schedules.services import schedule_note, unschedule_note

from . import composing


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def schedule(request: PersonRequest, note_id: int) -> HttpResponse:
    note = composing.own_draft_or_note(request.user, note_id)
    if note.is_published:
        raise NotFound
    plan = Schedule.objects.filter(note=note).first()
    typed = request.POST if request.method == "POST" else None
    form = ScheduleForm(typed, initial={"publish_at": plan.publish_at if plan else None})
    if typed is not None and form.is_valid():
        try:
            schedule_note(
                author=request.user, note_id=note_id, publish_at=form.cleaned_data["publish_at"]
            )
        except Invalid as refusal:
            form.add_error("publish_at", str(refusal))
        else:
            messages.success(request, _("It is planned. You find it with your drafts."))
            return see_other(request, "drafts")
    context = {"note": note, "plan": plan, "form": form}
    return render(request, "community/schedule.html", context, status=400 if form.errors else 200)


@require_POST
@people_only
@shows_refusals
def unschedule(request: PersonRequest, note_id: int) -> HttpResponse:
    if unschedule_note(author=request.user, note_id=note_id):
        messages.success(request, _("It is off the plan, and still among your drafts."))
    return see_other(request, "drafts")
