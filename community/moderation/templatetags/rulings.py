"""Figures and names of moderation as everybody reads them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Note
from community.moderation.models import Decision
from community.moderation.rules import FEWEST_TOLD
from community.moderation.wording import HEADLINES

register = template.Library()


@register.simple_tag
def rulings_of(note: Note) -> list[tuple[Decision, str]]:
    """(decision, headline) of what holds against a note now, for its author. Asks nothing of one
    against which nothing holds."""
    if not (note.hidden_at or note.limited_at or note.label):
        return []
    rows = Decision.objects.in_force().filter(note=note).select_related("guideline", "appeal")
    return [(row, str(HEADLINES[Decision.Act(row.act)])) for row in rows]


@register.filter
def told(count: int | None) -> str:
    """A count, or that it is a few."""
    return f"{count:,}" if count is not None else _("fewer than %(n)d") % {"n": FEWEST_TOLD}


@register.filter
def told_share(share: float | None) -> str:
    return f"{round(100 * share)} %" if share is not None else _("too few to tell")


@register.filter
def told_hours(hours: float | None) -> str:
    if hours is None:
        return _("too few to tell")
    if hours < 1:
        minutes = max(1, round(60 * hours))
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    whole = round(hours)
    return ngettext("%(n)d hour", "%(n)d hours", whole) % {"n": whole}


@register.filter
def about_name(kind: str) -> str:
    return {"note": _("a note"), "comment": _("a comment"), "person": _("an account")}.get(
        kind, "–"
    )


@register.filter
def label_name(label: str) -> str:
    return str(Note.Label(label).label)
