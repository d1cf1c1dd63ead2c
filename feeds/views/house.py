"""Pages that belong to no feed: the keys one can press, the language to read in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.errors import is_partial


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return _sheet(request, "keys")


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    return _sheet(request, "languages")


def _sheet(request: HttpRequest, name: str) -> HttpResponse:
    """A part of the page for the sheet, a page of its own without JavaScript."""
    if is_partial(request):
        return render(request, f"feeds/_{name}.html")
    return render(request, "feeds/sheet_page.html", {"part": f"feeds/_{name}.html"})
