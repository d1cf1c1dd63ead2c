"""A replay's outcome as the desk shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feeds.drawing import as_image
from feeds.reasons import channel_names

from . import plots
from .outcome import SIDES, speaks_for_it

MOST_CHANNELS = 12


def shown(outcome: Mapping[str, Any]) -> SafeString:
    before, after = outcome["before"], outcome["after"]
    words = _side_names()
    context = {
        "outcome": outcome,
        "verdict": speaks_for_it(outcome),
        "rewards": [_reward(outcome, reward) for reward in ("engagement", "opens")],
        "sides": [(words[name], before[name], after[name]) for name in SIDES] if before else [],
        "mix": _mix(before["channels"], after["channels"]) if before else "",
    }
    return SafeString(render_to_string("admin/lab/outcome.html", context))


def _side_names() -> dict[str, str]:
    return {
        "coverage": _("notes that stand in the first 20 places of any list"),
        "new_places": _("first places held by notes of the last day"),
        "new_coverage": _("notes of the last day that reach a first place"),
        "gini_notes": _("inequality among notes (Gini)"),
        "gini_authors": _("inequality among authors (Gini)"),
        "quality": _("mean quality"),
        "followed": _("first places by followed people"),
    }


def _reward(outcome: Mapping[str, Any], reward: str) -> dict[str, Any]:
    names = {"ips": "IPS", "snips": "SNIPS", "dr": _("doubly robust")}
    found = outcome["would"][reward]
    rows = [
        (names[name], value["value"], value["low"], value["high"])
        for name, value in found.items()
        if value is not None
    ]
    was = outcome["was"][reward]
    titles = {"engagement": _("Engagement an impression"), "opens": _("Opens an impression")}
    plot = plots.estimates(titles[reward], was, rows) if rows and was is not None else ""
    return {"title": titles[reward], "was": was, "rows": rows, "plot": as_image(plot)}


def _mix(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    names = channel_names()
    pks = sorted(before.keys() | after.keys(), key=lambda pk: -before.get(pk, 0.0))
    rows = [
        (names.get(int(pk), f"#{pk}"), before.get(pk, 0.0), after.get(pk, 0.0))
        for pk in pks[:MOST_CHANNELS]
    ]
    return as_image(
        plots.mix(_("Channels of the first places"), rows, (_("as served"), _("replayed")))
    )
