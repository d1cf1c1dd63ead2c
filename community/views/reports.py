"""Tell staff that a note or comment is not right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Invalid, NotFound
from community.errors import shows_refusals
from community.forms import ReportForm
from community.models import Comment, Note
from community.moderation.reports import report_comment, report_note
from community.services.access import comment_for, note_for

LONGEST_ID = 18


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def report(request: PersonRequest) -> HttpResponse:
    """`?note=ID` or `?comment=ID`; the form repeats it."""
    thing = _reported(request)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _send(request, thing, form):
        return _thanks(request, thing)
    context = {"form": form, "thing": thing, "is_note": isinstance(thing, Note)}
    part = "community/_report.html" if request.htmx else "community/report.html"
    answer = render(request, part, context, status=400 if form.is_bound else 200)
    return reswap(retarget(answer, "#report-form"), "outerHTML") if form.is_bound else answer


def _send(request: PersonRequest, thing: Note | Comment, form: ReportForm) -> bool:
    said = {"reporter": request.user, **form.cleaned_data}
    try:
        if isinstance(thing, Note):
            report_note(note_id=thing.pk, **said)
        else:
            report_comment(comment_id=thing.pk, **said)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _thanks(request: PersonRequest, thing: Note | Comment) -> HttpResponse:
    if request.htmx:
        return render(request, "community/_report_thanks.html")
    messages.success(request, _("Thank you. Staff will look at it and you will not be named."))
    note_id = thing.pk if isinstance(thing, Note) else thing.note_id
    return see_other(request, "note", note_id)


def _reported(request: PersonRequest) -> Note | Comment:
    """What the address or form names, if this person may see it. Raises NotFound."""
    asked = request.POST if request.method == "POST" else request.GET
    if (note_id := _id(asked.get("note", ""))) is not None:
        return note_for(request.user, note_id)
    if (comment_id := _id(asked.get("comment", ""))) is not None:
        return comment_for(request.user, comment_id)
    raise NotFound


def _id(raw: str) -> int | None:
    """A row's id, if it is one."""
    plain = raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_ID
    return int(raw) if plain else None
