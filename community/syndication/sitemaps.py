"""The site map: an index of sections, each cut by the number of its rows.

A part holds the pages of rows first to first + PART - 1 that may be shown; parts never shift when
something is added, and none is found by counting past others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.errors import NotFound

from . import reading
from .answers import base_of, for_machines

# Fifty thousand addresses are allowed in a file.
PART = 10_000
XML = "application/xml; charset=utf-8"
SECTIONS: dict[str, Callable[[], QuerySet[Any]]] = {
    "notes": reading.open_notes,
    "people": reading.open_people,
    "tags": reading.open_tags,
    "places": reading.open_places,
    "channels": reading.open_channels,
    "albums": reading.open_albums,
    "brands": reading.open_brands,
    "products": reading.open_products,
}


@for_machines
def sitemap_index(request: HttpRequest) -> HttpResponse:
    parts = [
        reverse("sitemap-part", args=[section, part * PART])
        for section, rows in SECTIONS.items()
        for part in _parts(rows())
    ]
    context = {"base": base_of(request), "parts": parts}
    return render(request, "syndication/sitemap_index.xml", context, content_type=XML)


@for_machines
def sitemap_part(request: HttpRequest, section: str, first: int) -> HttpResponse:
    rows = SECTIONS.get(section)
    if rows is None or first % PART:
        raise NotFound
    found = rows().filter(pk__gte=first, pk__lt=first + PART).order_by("pk")
    pages = [(row.get_absolute_url(), _changed(row)) for row in found]
    if not pages:
        raise NotFound
    context = {"base": base_of(request), "pages": pages}
    return render(request, "syndication/sitemap.xml", context, content_type=XML)


def _parts(rows: QuerySet[Any]) -> list[int]:
    numbered = rows.order_by().annotate(part=F("pk") / PART)
    return sorted({int(part) for part in numbered.values_list("part", flat=True).distinct()})


def _changed(row: Any) -> datetime | None:
    """When a note last said something new; of other pages nobody knows."""
    return getattr(row, "edited_at", None) or getattr(row, "published_at", None)
