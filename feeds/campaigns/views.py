"""Pages of campaigns: for readers, and for whoever runs one."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import (
    PersonRequest,
    people_only,
    posted_number,
    see_other,
    viewer_of,
)
from accounts.errors import DomainError, Invalid, NotAllowed
from accounts.limits import count_upload
from community.brands.access import team_member
from community.brands.views.shared import put_beside, team_page
from community.errors import is_partial, shows_refusals
from community.pressed_once import pressed_once
from feeds.insights import drawing
from feeds.insights.rules import COUNTS
from feeds.views.shell import cursor_of, feed_response

from . import ranking, reading, services
from .forms import CampaignForm
from .models import RUN, Campaign
from .report import Report, report_on
from .rules import EDITABLE, acts_in

# The lines of the report's chart.
DRAWN = ("impressions", "opens", "engagement")
CANDIDATES = 30


# ---------------------------------------------------------------- for readers
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """What is on, what comes, and what was."""
    viewer = viewer_of(request)
    context = {
        "parts": reading.campaigns_listed(now=timezone.now()),
        "runs": viewer is not None and viewer.has_perm(RUN),
        "tab": "hot",
    }
    return render(request, "campaigns/list.html", context)


@require_safe
@shows_refusals
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign with its notes, ranked or newest first."""
    now, viewer = timezone.now(), viewer_of(request)
    shown = reading.shown_campaign(slug, now=now)
    order = "newest" if request.GET.get("order") == "newest" else "ranked"
    page = reading.campaign_page(
        shown.campaign, viewer=viewer, order=order, cursor=cursor_of(request), now=now
    )
    more: dict[str, Any] = {} if is_partial(request) else {
        "winners": reading.winners_of(shown.campaign, viewer=viewer),
        "prizes": shown.campaign.prizes.all(),
        "runs": viewer is not None and Campaign.objects.of(viewer).filter(pk=shown.campaign.pk),
    }  # fmt: skip
    return feed_response(
        request, page, "campaigns/campaign.html", shown=shown, order=order, tab="hot", **more
    )


@require_safe
@people_only
def offers(request: PersonRequest) -> HttpResponse:
    """What one may take part in, beside the tags while one writes."""
    context = {"offers": reading.running(now=timezone.now())}
    return render(request, "campaigns/_offers.html", context)


# ---------------------------------------------------------------- for whoever runs it
@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def brand_campaigns(request: PersonRequest, brand_slug: str) -> HttpResponse:
    """A brand's campaigns, and a new one."""
    member = team_member(request.user, brand_slug)
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if made := _made(request, form, brand_slug):
        return see_other(request, "run-campaign", made.pk)
    context = {
        "form": form,
        "found": member.brand.campaigns.order_by("-pk"),
        "here": "campaigns",
    }
    status = 400 if form.is_bound else 200
    return team_page(request, brand_slug, "campaigns", member=member, status=status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def house_campaigns(request: PersonRequest) -> HttpResponse:
    """The community's own campaigns, and a new one: for staff."""
    if not request.user.has_perm(RUN):
        raise NotAllowed
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if made := _made(request, form, None):
        return see_other(request, "run-campaign", made.pk)
    context = {
        "form": form,
        "found": Campaign.objects.filter(brand=None).order_by("-pk"),
        "tab": "me",
    }
    status = 400 if form.is_bound else 200
    return render(request, "campaigns/house.html", context, status=status)


def _made(request: PersonRequest, form: CampaignForm, brand_slug: str | None) -> Campaign | None:
    if not form.is_valid():
        return None
    try:
        return services.begin(
            by=request.user, brand_slug=brand_slug, facts=form.facts, now=timezone.now()
        )
    except DomainError as refusal:
        put_beside(form, refusal)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def run_campaign(request: PersonRequest, campaign_id: int) -> HttpResponse:
    """Its draft to be changed, where it stands, and what can be done."""
    found = services.for_person(request.user, campaign_id)
    form = CampaignForm(request.POST) if request.method == "POST" else CampaignForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            services.edit(by=request.user, pk=found.pk, facts=form.facts, now=timezone.now())
            messages.success(request, _("Saved."))
            return see_other(request, "run-campaign", found.pk)
        except DomainError as refusal:
            put_beside(form, refusal)
    return _page(request, found, form, status=400 if form.is_bound else 200)


def _page(
    request: PersonRequest, found: Campaign, form: CampaignForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    acts = acts_in(found.state, phase=found.phase_at(now), staff=False)
    context = {
        "found": found,
        "shown": reading.shown(found, now=now),
        "form": form if found.state in EDITABLE else None,
        "acts": {str(act) for act in acts},
        "steps": found.steps.select_related("by"),
        "prizes": found.prizes.prefetch_related("awards__note__author"),
        "candidates": _candidates(found),
        "tab": "me",
    }
    return render(request, "campaigns/run.html", context, status=status)


def _candidates(found: Campaign) -> Any:
    """Who may win: the first of the final ranking that still compete."""
    if found.closed_at is None:
        return ()
    places = found.places.filter(note__in=ranking.competing(found)).select_related("note__author")
    return places[:CANDIDATES]


@require_POST
@people_only
@shows_refusals
@pressed_once
def set_banner(request: PersonRequest, campaign_id: int) -> HttpResponse:
    file = request.FILES.get("picture")
    if file is None:
        raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
    count_upload(request.user.pk)
    services.set_banner(
        by=request.user, pk=campaign_id, upload=cast(BinaryIO, file), name=file.name or "",
        now=timezone.now(),
    )  # fmt: skip
    return see_other(request, "run-campaign", campaign_id)


@require_POST
@people_only
@shows_refusals
def campaign_act(request: PersonRequest, campaign_id: int, act_name: str) -> HttpResponse:
    """Do one thing to it; a refusal is said on its page."""
    do = ACTS.get(act_name)
    if do is None:
        raise Http404
    try:
        do(request, campaign_id)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
        found = services.for_person(request.user, campaign_id)
        return _page(request, found, CampaignForm.of(found), status=refusal.status)
    return see_other(request, "run-campaign", campaign_id)


def _submit(request: PersonRequest, pk: int) -> None:
    services.submit(by=request.user, pk=pk, now=timezone.now())


def _take_back(request: PersonRequest, pk: int) -> None:
    services.take_back(by=request.user, pk=pk, now=timezone.now())


def _cancel(request: PersonRequest, pk: int) -> None:
    words = request.POST.get("words", "")
    services.cancel(by=request.user, pk=pk, words=words, now=timezone.now())


def _award(request: PersonRequest, pk: int) -> None:
    services.award(
        by=request.user, pk=pk, prize_id=posted_number(request, "prize"),
        note_id=posted_number(request, "note"), now=timezone.now(),
    )  # fmt: skip


ACTS: dict[str, Callable[[PersonRequest, int], None]] = {
    "submit": _submit,
    "take-back": _take_back,
    "cancel": _cancel,
    "award": _award,
}


# ---------------------------------------------------------------- report
@require_safe
@people_only
@shows_refusals
def campaign_report(request: PersonRequest, campaign_id: int) -> HttpResponse:
    found, report = _reported(request, campaign_id)
    context = {
        "found": found,
        "report": report,
        "chart": drawing.course(report.days, DRAWN),
        "course": [
            (drawing.day_name(day), report.entries_of_day.get(day, 0), totals)
            for day, totals in report.days
        ],
        "most_of_feeds": max((totals.impressions for _feed, totals in report.feeds), default=0),
        "tab": "me",
    }
    return render(request, "campaigns/report.html", context)


@require_safe
@people_only
@shows_refusals
def campaign_file(request: PersonRequest, campaign_id: int) -> HttpResponse:
    """The report's days for a spreadsheet: numbers only."""
    found, report = _reported(request, campaign_id)
    out = StringIO()
    write = csv.writer(out).writerow
    write(("day", "entries", *COUNTS))
    for day, totals in report.days:
        counts = [getattr(totals, name) for name in COUNTS]
        write((day.isoformat(), report.entries_of_day.get(day, 0), *counts))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="campaign-{found.pk}.csv"'
    return answer


def _reported(request: PersonRequest, pk: int) -> tuple[Campaign, Report]:
    found = services.for_person(request.user, pk)
    zone = timezone.get_current_timezone()
    return found, report_on(found, zone=zone, now=timezone.now())
