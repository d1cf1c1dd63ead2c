"""How many people a note reaches just now: asked by moderation for the order of its queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Sum

from .models import NoteHour

LATELY = timedelta(days=1)


def views_lately(note_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """Impressions of these notes in the last day, by note; those without any are left out."""
    hours = NoteHour.objects.filter(note__in=note_ids, hour__gt=now - LATELY)
    counted = hours.order_by().values_list("note_id").annotate(views=Sum("impressions"))
    return {pk: views for pk, views in counted if views}
