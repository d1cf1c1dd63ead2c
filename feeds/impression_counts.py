"""How often notes were met: asked by the dry runs of rules."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from django.db.models import Sum

from .models import NoteHour

# SQLite takes so many values in one statement, and more.
AT_ONCE = 500


def impressions_of(note_ids: Collection[int]) -> dict[int, int]:
    """Impressions of these notes since they were written, by note; those without are left out."""
    counted: dict[int, int] = {}
    ids = iter(note_ids)
    while chunk := list(islice(ids, AT_ONCE)):
        rows = NoteHour.objects.filter(note__in=chunk).order_by().values_list("note_id")
        counted |= {pk: n for pk, n in rows.annotate(n=Sum("impressions")) if n}
    return counted
