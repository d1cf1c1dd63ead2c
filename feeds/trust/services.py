"""What a moderator makes of a circle: "this is fine" lifts it and keeps it lifted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User

from .models import Circle, Ruling

State = Circle.State


def lift(*, circle_id: int, by: User, reason: str, now: datetime) -> None:
    """Count the members in full from now on, whatever later looks find among them.
    Raises NotAllowed, Invalid, Conflict."""
    _rule(circle_id, by, reason, now, before=State.FOUND, after=State.LIFTED)


def discount_again(*, circle_id: int, by: User, reason: str, now: datetime) -> None:
    """Take back that a circle was lifted. Raises NotAllowed, Invalid, Conflict."""
    _rule(circle_id, by, reason, now, before=State.LIFTED, after=State.FOUND)


def _rule(
    circle_id: int, by: User, reason: str, now: datetime, *, before: State, after: State
) -> None:
    # Here, so that processes which serve pages do not load scipy at their start.
    from . import watching

    if not by.has_perm("trust.change_circle"):
        raise NotAllowed
    reason = reason.strip()[:300]
    if not reason:
        raise Invalid(_("Say why, for those who look at this later."), field="reason")
    with transaction.atomic():
        moved = Circle.objects.filter(pk=circle_id, state=before).update(state=after)
        if not moved:
            raise Conflict(_("Somebody else has decided on this circle."), field="circle")
        Ruling.objects.create(circle_id=circle_id, state=after, by=by, reason=reason, at=now)
        watching.follow_ruling(circle_id, now=now)
