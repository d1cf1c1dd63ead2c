"""Tell staff that a note, a comment or a person is not right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from accounts.asking import PersonRequest, people_only, see_other, whole_number
from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.errors import shows_refusals
from community.forms import ReportForm
from community.models import Comment, Note
from community.moderation.models.subject import Thing, kind_of
from community.moderation.reports import report_comment, report_note, report_person
from community.services.access import comment_for, note_for


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def report(request: PersonRequest) -> HttpResponse:
    """`?note=ID`, `?comment=ID` or `?person=ID`; the form repeats it."""
    thing = _reported(request)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _send(request, thing, form):
        return _thanks(request, thing)
    context = {"form": form, "thing": thing, "kind": kind_of(thing)}
    part = "community/_report.html" if request.htmx else "community/report.html"
    answer = render(request, part, context, status=400 if form.is_bound else 200)
    return reswap(retarget(answer, "#report-form"), "outerHTML") if form.is_bound else answer


def _send(request: PersonRequest, thing: Thing, form: ReportForm) -> bool:
    said = {"reporter": request.user, **form.cleaned_data}
    try:
        if isinstance(thing, Note):
            report_note(note_id=thing.pk, **said)
        elif isinstance(thing, Comment):
            report_comment(comment_id=thing.pk, **said)
        else:
            report_person(person_id=thing.pk, **said)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _thanks(request: PersonRequest, thing: Thing) -> HttpResponse:
    if request.htmx:
        return render(request, "community/_report_thanks.html")
    messages.success(request, _("Thank you. Staff will look at it and you will not be named."))
    if isinstance(thing, User):
        return see_other(request, thing)
    return see_other(request, "note", thing.pk if isinstance(thing, Note) else thing.note_id)


def _reported(request: PersonRequest) -> Thing:
    """What the address or form names, if this person may see it. Raises NotFound."""
    asked = request.POST if request.method == "POST" else request.GET
    if (note_id := whole_number(asked.get("note", ""))) is not None:
        return note_for(request.user, note_id)
    if (comment_id := whole_number(asked.get("comment", ""))) is not None:
        return comment_for(request.user, comment_id)
    person = (
        User.objects.all().visible_to(request.user).filter(pk=whole_number(asked.get("person", "")))
    )
    if (found := person.select_related("profile").first()) is not None:
        return found
    raise NotFound
