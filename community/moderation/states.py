"""How a thing stands, in a sentence, and who decided so last."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Note

from .models import Decision
from .models.subject import Thing, kind_of


def decisions_about(thing: Thing) -> Any:
    """Newest first."""
    return Decision.objects.filter(**{kind_of(thing): thing}).order_by("-pk")


def last_decision_id(thing: Thing) -> int:
    """What to pass as `seen`: the newest decision about this thing, 0 for none."""
    return decisions_about(thing).values_list("pk", flat=True).first() or 0


def state_of(thing: Thing) -> str:
    """A sentence: how the thing stands, and who decided so last."""
    last = decisions_about(thing).select_related("moderator").first()
    by = last.moderator.username if last and last.moderator else _("staff")
    told = {"name": by, "reason": last.reason if last else ""}
    if isinstance(thing, User):
        return _state_of_person(thing, told)
    if thing.deleted_at:
        if last is not None and last.act == Decision.Act.REMOVE and last.holds:
            return _("It is removed already, by %(name)s: %(reason)s") % told
        return _("Its author deleted it.")
    if thing.hidden_at:
        return _("It is hidden already, by %(name)s: %(reason)s") % told
    if isinstance(thing, Note) and not thing.is_published:
        return _("It is a draft: nobody but its author sees it.")
    if isinstance(thing, Note) and thing.limited_at:
        return _("Its reach is limited already, by %(name)s: %(reason)s") % told
    if last:
        return _("It is visible: %(name)s decided so (%(reason)s).") % told
    return _("It is visible.")


def _state_of_person(person: User, told: dict[str, str]) -> str:
    if person.suspended_at:
        return _("The account is suspended, by %(name)s: %(reason)s") % told
    return _("The account is open.") if person.is_active else _("The account is closed.")
