"""The demo's people read a page or two, so that pools have something to show.

They read as readers do: a page is served, its cards are seen, and the intake decides what counts.
The demo's log-ins read nothing: their discover is left for whoever tries it.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import User

from . import pool_slots
from .impressions import intake
from .qualification import SHORTEST_LOOK
from .serving import serve_discover

PAGES, CARDS_SEEN = 2, 14


def read_a_little(*, now: datetime) -> int:
    """Let everybody without a password see the top of their first pages; first sights counted."""
    pool_slots.chance.seed(1)  # the same demo each time
    people = User.objects.present().filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return sum(
        _read(person, now=now)
        for person in people.select_related("profile").order_by("pk")
        for _page in range(PAGES)
    )


def _read(person: User, *, now: datetime) -> int:
    page = serve_discover(viewer=person, now=now)
    seen = [{"note": item.note_id} for item in page.items[:CARDS_SEEN]]
    batch = {"token": page.token, "seen": seen}
    return intake(viewer=person, batch=batch, now=now + SHORTEST_LOOK)["seen"]
