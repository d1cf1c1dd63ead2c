"""What happened to what is mine, by day, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import (
    PersonRequest,
    go_back,
    people_only,
    see_other,
    shows_refusals,
    viewer_of,
)
from accounts.errors import Invalid
from community.keyset import behind, cursor_of

from . import reading
from .grouping import JOINED, Group, groups_of
from .leading import lead_by_links, leads_to
from .models import Notification

GROUPS_IN_A_PAGE = 40


@require_safe
@people_only
@shows_refusals
def notifications(request: PersonRequest) -> HttpResponse:
    cursor = request.GET.get("before", "")
    mine = Notification.objects.shown_to(request.user)
    heads = mine.heads().select_related(*JOINED)
    if cursor:
        heads = heads.filter(behind(cursor))
    found = list(heads.order_by("-created_at", "-pk")[: GROUPS_IN_A_PAGE + 1])
    rows = found[:GROUPS_IN_A_PAGE]
    context = {
        "days": _by_day(groups_of(rows, mine)),
        "unread": reading.unread_badge(request.user),
        "newest": reading.newest(request.user),
        "older": cursor_of(rows[-1]) if len(found) > len(rows) else "",
        "first_page": not cursor,
        "tab": "notifications",
    }
    return render(request, "notifications/notifications.html", context)


@require_POST
@people_only
@shows_refusals
def read_notifications(request: PersonRequest) -> HttpResponse:
    """All of them, or up to the newest that stood on the page."""
    reading.mark_read(person=request.user, up_to=_up_to(request), now=timezone.now())
    return see_other(request, "notifications")


@require_safe
@people_only
@shows_refusals
def open_notice(request: PersonRequest, notice_id: int) -> HttpResponse:
    """Go where it leads. Whoever looks at the thing has read all that its group says of it."""
    group = reading.group_with(request.user, notice_id)
    lead_by_links([group])
    # A browser that fetches what might be opened next has shown nothing to anybody.
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        reading.mark_group_read(person=request.user, notice_id=notice_id, now=timezone.now())
    return see_other(request, leads_to(group))


@require_POST
@people_only
@shows_refusals
def read_notice(request: PersonRequest, notice_id: int) -> HttpResponse:
    """A notice, and of its group what stood on the page."""
    up_to = _up_to(request)
    reading.mark_group_read(
        person=request.user, notice_id=notice_id, up_to=up_to, now=timezone.now()
    )
    if not request.htmx:
        return go_back(request, "/notifications/")
    group = reading.group_with(request.user, notice_id)
    context = {"group": group, "newest": up_to or 0}
    return render(request, "notifications/_notice.html", context)


@require_safe
def unread_dot(request: HttpRequest) -> HttpResponse:
    """The figure beside the bell, asked for after the page: feed pages stay without this query."""
    viewer = viewer_of(request)
    unread = reading.unread_badge(viewer) if viewer is not None else 0
    answer = render(request, "notifications/_unread_dot.html", {"unread": unread})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _up_to(request: PersonRequest) -> int | None:
    """The newest notice there was when the page was made. Raises Invalid for what is no id."""
    typed = request.POST.get("up_to", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 18):
        raise Invalid(field="up_to")
    return int(typed)


def _by_day(groups: Iterable[Group]) -> list[tuple[date, list[Group]]]:
    """By the reader's own calendar day."""
    return [
        (day, list(some))
        for day, some in groupby(
            groups, key=lambda group: timezone.localtime(group.head.created_at).date()
        )
    ]
