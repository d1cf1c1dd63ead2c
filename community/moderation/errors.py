"""What moderation says when a verdict cannot stand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict, NotAllowed


class AlreadyDecided(Conflict):
    """Somebody decided, or the author acted, since the moderator looked. Names the state."""

    code = "already_decided"
    message = _("This was decided meanwhile. Look at it again.")


class InOtherHands(Conflict):
    """Another moderator has it in hand. Names them and until when."""

    code = "in_other_hands"
    message = _("Somebody else has this in hand.")


class OwnCase(NotAllowed):
    """Nobody judges what is their own, or what they judged before."""

    code = "own_case"
    message = _("This is about you: somebody else decides.")
