"""The label that says a note was paid for: who must put it on, and who may take it off.

Whoever knows a reason for the label registers a rule; a note with a reason cannot be published, or
edited once it is, without the label. So a label that a team, a collaboration or staff stands behind
cannot be edited away, and this room need not know any of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.models import Note

# The sentence that says why this note must carry the label; None where the rule has no reason.
Rule = Callable[[Note], str | Promise | None]
RULES: list[Rule] = []


def demands_label(rule: Rule) -> Rule:
    """Register a rule (as a decorator); it is asked at each publication and edit."""
    RULES.append(rule)
    return rule


def why_labelled(note: Note) -> str:
    """The first reason for which the note must carry the label, or ""."""
    return next((str(why) for rule in RULES if (why := rule(note))), "")


def checked_disclosure(value: str) -> str:
    """Raises Invalid."""
    if value not in Note.Disclosure.values:
        raise Invalid(_("Say whether the note is a paid partnership."), field="disclosure")
    return value


def require_label(note: Note) -> None:
    """Raises Invalid where the label is missing and must not be."""
    if note.disclosure == Note.Disclosure.NONE and (why := why_labelled(note)):
        raise Invalid(why, field="disclosure", code="label_needed")
