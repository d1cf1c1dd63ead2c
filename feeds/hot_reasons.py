"""Why a card of the hot list is where it is: how it moved, what drives it, which event is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .topics.lifting import names_of

DRIVEN: dict[str, Callable[[int], str]] = {
    "collect": lambda n: ngettext("saved by %d person today", "saved by %d people today", n),
    "share": lambda n: ngettext("shared by %d person today", "shared by %d people today", n),
    "comment": lambda n: ngettext(
        "discussed by %d person today", "discussed by %d people today", n
    ),
    "like": lambda n: ngettext("liked by %d person today", "liked by %d people today", n),
    "follow": lambda n: ngettext("won %d follower today", "won %d followers today", n),
}


def hot_texts(marks: dict[str, Any], notes: list[int], *, now: datetime) -> dict[int, str]:
    """A sentence by note, empty where there is nothing to say; one query where events are on."""
    of = {note: marks.get("of", {}).get(str(note)) for note in notes}
    events = names_of({mark[3] for mark in of.values() if mark and mark[3]}, now=now)
    return {note: " · ".join(_parts(mark, events)) if mark else "" for note, mark in of.items()}


def _parts(mark: list[Any], events: dict[int, str]) -> list[str]:
    moved, act, people, event = mark
    parts = [_("new") if moved is None else f"▲{moved}" if moved > 0 else f"▼{-moved}"]
    if moved == 0:
        parts = []
    if event in events:
        parts.append(_("lifted for %(event)s") % {"event": events[event]})
    if people:
        parts.append(DRIVEN[act](people) % people)
    return parts
