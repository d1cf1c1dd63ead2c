"""What people read about moderation: what became of their reports, decisions against them, the log.

A decision has one page: the rule, the words, until when, and the way to appeal. Who cannot log in
opens it by a signed address.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, Request, people_only, see_other
from accounts.errors import Invalid
from accounts.models import User
from community.errors import shows_refusals

from . import appeals, public, rules, sealed
from .models import Decision, Report, Strike
from .reports import withdraw_report
from .wording import EFFECTS, HEADLINES

LISTED = 50


class AppealForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Why is it wrong?"),
        max_length=appeals.APPEAL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@people_only
def my_reports(request: PersonRequest) -> HttpResponse:
    rows = Report.objects.filter(reporter=request.user).select_related(
        "note", "comment__note", "person__profile"
    )
    page = Paginator(rows.order_by("-created_at", "-pk"), LISTED).get_page(request.GET.get("page"))
    return render(request, "moderation/reports.html", {"page": page, "rows": page.object_list})


@require_POST
@people_only
@shows_refusals
def withdraw(request: PersonRequest, report_id: int) -> HttpResponse:
    done = withdraw_report(reporter=request.user, report_id=report_id)
    messages.success(request, _("Withdrawn.") if done else _("Staff has looked at it already."))
    return see_other(request, "my-reports")


@require_safe
@people_only
def my_decisions(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    rows = Decision.objects.against(request.user.pk).select_related(
        "guideline", "note", "comment", "appeal"
    )
    page = Paginator(rows.order_by("-decided_at", "-pk"), LISTED).get_page(request.GET.get("page"))
    strikes = Strike.objects.counting(now).filter(person=request.user)
    context = {
        "page": page,
        "rows": [(row, HEADLINES[Decision.Act(row.act)]) for row in page.object_list],
        "strikes": strikes.select_related("decision__guideline").order_by("expires_at"),
    }
    return render(request, "moderation/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def decision(request: PersonRequest, decision_id: int) -> HttpResponse:
    """The page of a decision (GET), and the appeal against it (POST)."""
    return _decision(request, request.user, decision_id)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def sealed_decision(request: Request, seal: str) -> HttpResponse:
    """The same for who holds the signed address, logged in or not."""
    person, decision_id = sealed.opened(seal)
    answer = _decision(request, person, decision_id)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _decision(request: Any, person: User, decision_id: int) -> HttpResponse:
    form, status = AppealForm(request.POST or None), 200
    found = appeals.decision_for(person, decision_id)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                words = form.cleaned_data["words"]
                appeals.appeal(by=person, decision_id=decision_id, words=words)
            except Invalid as refusal:
                form.add_error("words", str(refusal))
            else:
                messages.success(request, _("Your appeal is with a second reviewer."))
                return see_other(request, request.path)
    context = {
        "decision": found,
        "headline": HEADLINES[Decision.Act(found.act)],
        "effect": EFFECTS[Decision.Act(found.act)],
        "appeal": getattr(found, "appeal", None),
        "why_not": appeals.why_not(found, now=timezone.now()),
        "until": found.decided_at + rules.APPEAL_WITHIN,
        "form": form,
        "note": found.note if found.note and found.note.deleted_at is None else None,
    }
    return render(request, "moderation/decision.html", context, status=status)


@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """What staff did, by rule, kind and day: no names, no words."""
    page = Paginator(public.lines(), LISTED).get_page(request.GET.get("page"))
    return render(request, "moderation/log.html", {"page": page, "rows": page.object_list})


@require_safe
def public_figures(request: HttpRequest) -> HttpResponse:
    figures = public.figures(now=timezone.now())
    return render(request, "moderation/figures.html", {"figures": figures, "days": public.DAYS})
