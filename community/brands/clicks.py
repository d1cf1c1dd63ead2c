"""Count who follows a product's link: by day and the note they came from, and not by whom.

What is only fetched ahead, or by a robot, is not counted, and the same viewer counts once in half
an hour: the cache holds a keyed hash for so long, the database a sum a day.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.asking import viewer_of
from accounts.limits import address_of
from community.models import Note

from .models import NoteClicks, Product, ProductClicks

ONCE_IN = timedelta(minutes=30)
# Names of programs that fetch by themselves; an empty name is one too.
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|fetch|monitor|curl|wget|python|java/|okhttp|go-http"
    r"|headlesschrome|lighthouse|facebookexternalhit|whatsapp|telegram|feed",
    re.IGNORECASE,
)


def count(
    request: HttpRequest, product: Product, *, now: datetime, note_id: int | None = None
) -> bool:
    """Count one visit, also for the note that its address says it came from if that one links the
    product and is another's; False where it is none, or the same viewer's again."""
    if not is_visit(request) or not _first_in_a_while(request, product):
        return False
    day = timezone.localtime(now).date()
    with transaction.atomic():
        row, _made = ProductClicks.objects.get_or_create(product=product, day=day)
        ProductClicks.objects.filter(pk=row.pk).update(clicks=F("clicks") + 1)
        if note_id is not None and _leads_there(request, product, note_id):
            of_note, _made = NoteClicks.objects.get_or_create(
                note_id=note_id, product=product, day=day
            )
            NoteClicks.objects.filter(pk=of_note.pk).update(clicks=F("clicks") + 1)
    return True


def _leads_there(request: HttpRequest, product: Product, note_id: int) -> bool:
    viewer = viewer_of(request)
    notes = Note.objects.visible_to(viewer).filter(pk=note_id, product_links__product=product)
    if viewer is not None:
        notes = notes.exclude(author=viewer)
    return notes.exists()


def is_visit(request: HttpRequest) -> bool:
    """Whether a person asks, and asks now."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    ahead += request.headers.get("X-Moz", "")
    agent = request.headers.get("User-Agent", "")
    return (
        request.method == "GET"
        and "prefetch" not in ahead.lower()
        and "preview" not in ahead.lower()
        and bool(agent.strip())
        and not ROBOT.search(agent)
    )


def _first_in_a_while(request: HttpRequest, product: Product) -> bool:
    viewer = viewer_of(request)
    who = (
        f"person {viewer.pk}"
        if viewer is not None
        else f"{address_of(request)} {request.headers.get('User-Agent', '')}"
    )
    key = salted_hmac("rockpool.clicks", who, algorithm="sha256").hexdigest()[:32]
    return cache.add(f"click:{product.pk}:{key}", 1, int(ONCE_IN.total_seconds()))
