"""Members who let somebody in, where one joins by invitation: few, for a while, each for one.

Staff makes invitations of any kind at the desk; these are of the same table and used the same way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.models import User

from .models import EntryRules, Invitation, InvitationQuerySet

# An account that was made to invite the next one would have to wait.
OLD_ENOUGH = timedelta(days=7)
WEEK = timedelta(days=7)
GOOD_FOR = timedelta(days=14)


def make_invitation(*, by: User, now: datetime) -> Invitation:
    """One code for one person. Raises NotAllowed, Conflict."""
    if refusal := why_no_invitation(by, now):
        raise NotAllowed(refusal)
    with transaction.atomic():
        # Two presses at once are counted one after the other.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if not left_this_week(by, now):
            count = settings.INVITATIONS_A_WEEK
            told = ngettext(
                "That was the one invitation of this week.",
                "Those were the %(count)d invitations of this week.",
                count,
            )
            raise Conflict(told % {"count": count})
        return Invitation.objects.create(uses=1, made_by=by, expires_at=now + GOOD_FOR)


def why_no_invitation(person: User, now: datetime) -> str:
    """The sentence in place of the button; nothing where one may invite."""
    if EntryRules.current().mode != EntryRules.Mode.INVITATION:
        return str(_("Nobody needs an invitation at the moment."))
    if person.is_staff:
        return ""
    if not settings.INVITATIONS_A_WEEK:
        return str(_("Only the people who run this community invite others."))
    if now - person.date_joined < OLD_ENOUGH:
        return str(_("You can invite others when your account is a week old."))
    return ""


def left_this_week(person: User, now: datetime) -> int:
    """How many more one may make; staff is not counted."""
    if person.is_staff:
        return 1
    made = Invitation.objects.filter(made_by=person, created_at__gt=now - WEEK).count()
    return max(0, settings.INVITATIONS_A_WEEK - made)


def invitations_of(person: User) -> InvitationQuerySet:
    return Invitation.objects.filter(made_by=person).order_by("-pk")


def withdraw_invitation(*, by: User, invitation_id: int, now: datetime) -> None:
    """It lets nobody in any more; who came with it stays. Raises NotFound."""
    mine = Invitation.objects.good(now).filter(made_by=by, pk=invitation_id)
    if not mine.update(expires_at=now):
        raise NotFound
