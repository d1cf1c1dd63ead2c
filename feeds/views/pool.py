"""The open pool page: where the author's note stands, what decided it, what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.asking import people_only, viewer_of
from community.errors import shows_refusals
from community.services.access import own_note
from feeds.pool_page import PoolView, pool_page

DIMENSIONS: dict[str, Promise] = {
    "title": _("Title"),
    "body": _("Text"),
    "variety": _("Variety of words"),
    "spam": _("Free of advertising"),
    "picture_count": _("Number of pictures"),
    "resolution": _("Size of pictures"),
    "sharpness": _("Sharpness"),
    "light": _("Light"),
    "detail": _("Detail"),
    "tags": _("Tags"),
    "place": _("Place"),
}


@dataclass(frozen=True, slots=True)
class GateDrawing:
    """The gate as a line from 0 to 100: engagement, what of it is certain, and what is asked.

    `_x` are places on that line; the others are engagement per hundred readers.
    """

    score_x: float
    certain_x: float
    gate_x: float
    span_x: float
    score: float
    certain: float
    gate: float
    missing: float


@require_safe
@people_only
@shows_refusals
def pool(request: HttpRequest, note_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    note = own_note(viewer, note_id)  # type: ignore[arg-type]  # people_only
    view = pool_page(note, now=timezone.now())
    context = {"note": note, "pool": view, "tab": "me"}
    if view is not None:
        context |= {
            "gate": draw_gate(view),
            "done": f"{view.share * 100:.1f}",
            "hours": math.ceil(view.hours_left),
            "steps": list(reversed(view.steps)),
            "marks": [(DIMENSIONS.get(m.name, m.name), m) for m in sorted(view.marks, key=lambda m: m.score)],
        }
    return render(request, "feeds/pool.html", context)


def draw_gate(view: PoolView) -> GateDrawing:
    """Scaled so that the farthest of the figures stands at four fifths of the line."""
    score, certain, gate = (view.figures[name] for name in ("rate", "lower_bound", "gate"))
    scale = 80 / max(score, gate, 1e-9)
    return GateDrawing(
        score_x=round(score * scale, 1),
        certain_x=round(certain * scale, 1),
        gate_x=round(gate * scale, 1),
        span_x=round((score - certain) * scale, 1) if score > certain else 0,
        score=round(score * 100, 1),
        certain=round(certain * 100, 1),
        gate=round(gate * 100, 1),
        missing=round(max(0.0, gate - certain) * 100, 1),
    )
