"""Which requests are a person's search: not a machine's guess at what they may click next."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from accounts.asking import viewer_of

from .log import log_search

PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def note_search(request: HttpRequest, *, text: str, kind: str, results: int, now: datetime) -> None:
    """Note the search of a first page that somebody asked for."""
    if request.method == "GET" and not request.GET.get("cursor") and not is_prefetch(request):
        log_search(person=viewer_of(request), text=text, kind=kind, results=results, now=now)


def is_prefetch(request: HttpRequest) -> bool:
    said = " ".join(request.headers.get(name, "") for name in PREFETCH_HEADERS).lower()
    return "prefetch" in said or "preview" in said or "prerender" in said
