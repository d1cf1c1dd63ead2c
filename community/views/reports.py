"""Tell staff that a note or comment is not right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.asking import people_only, see_other
from accounts.errors import Invalid, NotFound
from community.errors import shows_refusals
from community.forms import LARGEST_ID, ReportForm
from community.models import Comment, Note
from community.moderation.reports import report_comment, report_note
from community.services.access import comment_for, note_for


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def report(request: HttpRequest) -> HttpResponse:
    """`?note=ID` or `?comment=ID`; the form repeats it."""
    thing = _reported(request)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _send(request, thing, form):
        return _thanks(request, thing)
    context = {"form": form, "thing": thing, "is_note": isinstance(thing, Note)}
    part = "community/_report.html" if request.htmx else "community/report.html"  # type: ignore[attr-defined]
    return render(request, part, context, status=400 if form.is_bound else 200)


def _send(request: HttpRequest, thing: Note | Comment, form: ReportForm) -> bool:
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


def _thanks(request: HttpRequest, thing: Note | Comment) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "community/_report_thanks.html")
    messages.success(request, _("Thank you. Staff will look at it and you will not be named."))
    note_id = thing.pk if isinstance(thing, Note) else thing.note_id
    return see_other(request, "note", note_id)


def _reported(request: HttpRequest) -> Note | Comment:
    """What the address or form names, if this person may see it. Raises NotFound."""
    asked = request.POST if request.method == "POST" else request.GET
    for kind, fetch in (("note", note_for), ("comment", comment_for)):
        raw = asked.get(kind, "")
        if raw.isascii() and raw.isdecimal() and int(raw[:20]) <= LARGEST_ID:
            return fetch(request.user, int(raw))  # type: ignore[no-any-return, operator]
    raise NotFound
