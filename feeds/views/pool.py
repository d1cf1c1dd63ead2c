"""The open pool page: where the author's note stands, what decided it, what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from community.errors import shows_refusals
from community.services.access import own_note
from feeds.pool_page import PoolView, pool_page

from .quality import named_marks


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
def pool(request: PersonRequest, note_id: int) -> HttpResponse:
    note = own_note(request.user, note_id)
    view = pool_page(note, now=timezone.now())
    context: dict[str, Any] = {"note": note, "pool": view, "tab": "me"}
    return render(request, "feeds/pool.html", context | (_drawn(view) if view else {}))


def _drawn(view: PoolView) -> dict[str, Any]:
    """Figures as the page draws them: newest step first, weakest dimension first."""
    return {
        "gate": draw_gate(view),
        "done": f"{view.share * 100:.1f}",
        "hours": math.ceil(view.hours_left),
        "steps": view.steps[::-1],
        "marks": named_marks(view.marks),
    }


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
