"""What happened to what is mine, by day, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from community.models import Share
from community.notifications.models import Notification
from community.notifications.services import mark_read

LISTED_AT_MOST = 100


@require_safe
@people_only
def notifications(request: PersonRequest) -> HttpResponse:
    rows = (
        Notification.objects.visible_to(request.user)
        .select_related("actor__profile", "note", "comment")
        .order_by("-created_at", "-pk")[:LISTED_AT_MOST]
    )
    listed = list(rows)
    _lead_by_links(listed)
    context = {
        "days": _by_day(listed),
        "unread": any(row.read_at is None for row in listed),
        "tab": "notifications",
    }
    return render(request, "community/notifications.html", context)


@require_POST
@people_only
def read_notifications(request: PersonRequest) -> HttpResponse:
    mark_read(person=request.user)
    return see_other(request, "notifications")


@require_safe
def unread_dot(request: HttpRequest) -> HttpResponse:
    """The dot beside the bell, asked for after the page: feed pages stay without this query."""
    viewer = viewer_of(request)
    unread = (
        viewer is not None and Notification.objects.visible_to(viewer).filter(read_at=None).exists()
    )
    answer = render(request, "community/_unread_dot.html", {"unread": unread})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _lead_by_links(rows: Iterable[Notification]) -> None:
    """A forwarded note is opened by its sender's link, so that the chain is kept."""
    forwards = [row for row in rows if row.kind == Notification.Kind.FORWARD]
    if not forwards:
        return
    links = Share.objects.filter(
        person__in={row.actor_id for row in forwards}, note__in={row.note_id for row in forwards}
    )
    tokens: dict[Any, str] = {(link.person_id, link.note_id): link.token for link in links}
    for row in forwards:
        row.link = tokens.get((row.actor_id, row.note_id), "")  # type: ignore[attr-defined]


def _by_day(rows: Iterable[Notification]) -> list[tuple[date, list[Notification]]]:
    """Rows grouped by the reader's own calendar day."""
    return [
        (day, list(group))
        for day, group in groupby(rows, key=lambda row: timezone.localtime(row.created_at).date())
    ]
