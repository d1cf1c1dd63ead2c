"""The open pool page: where the author's note stands, what decided it, what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from community.current import current_part, etag_of
from community.errors import is_partial, shows_refusals
from community.services.access import own_note
from feeds.covers.reading import CoverTestView
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
    context |= _drawn(view) if view else {}
    state = render_to_string("feeds/_pool_state.html", context, request)
    if is_partial(request):
        return current_part(request, state)
    context |= {"state": state, "etag": etag_of(state)}
    response = render(request, "feeds/pool.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _drawn(view: PoolView) -> dict[str, Any]:
    """Figures as the page draws them: newest step first, weakest dimension first."""
    return {
        "gate": draw_gate(view),
        "done": f"{view.share * 100:.1f}",
        "hours": math.ceil(view.hours_left),
        "steps": view.steps[::-1],
        "marks": named_marks(view.marks),
        "covers": draw_covers(view.cover_test) if view.cover_test else None,
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


@dataclass(frozen=True, slots=True)
class CoverBar:
    """The difference of two covers as a line with "equal" in its middle, at 50 of 100.

    `_x` are places on that line; the others are opens per hundred views, with their sign.
    """

    low_x: float
    span_x: float
    middle_x: float
    difference: str
    low: str
    high: str
    sure: int


def draw_covers(test: CoverTestView) -> dict[str, Any]:
    both = ((_("First cover"), test.first), (_("Second cover"), test.second))
    return {
        "both": [
            {"name": name, "shown": shown, "rate": f"{100 * shown.open_rate:.1f}"}
            for name, shown in both
        ],
        "bar": _cover_bar(test),
    }


def _cover_bar(test: CoverTestView) -> CoverBar | None:
    if test.difference is None or test.low is None or test.high is None:
        return None
    # The farther end of the interval stands a little before the end of the line.
    scale = 46 / max(abs(test.low), abs(test.high), 1e-9)
    return CoverBar(
        low_x=round(50 + test.low * scale, 1),
        span_x=round((test.high - test.low) * scale, 1),
        middle_x=round(50 + test.difference * scale, 1),
        difference=_signed(test.difference),
        low=_signed(test.low),
        high=_signed(test.high),
        sure=round(100 * test.sure),
    )


def _signed(share: float) -> str:
    """Per hundred, with its sign: "+4.2", "−3.0"."""
    return f"{100 * share:+.1f}".replace("-", "−")
