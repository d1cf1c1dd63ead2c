"""What moderation says when a verdict cannot stand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict


class AlreadyDecided(Conflict):
    """Somebody decided, or the author acted, since the moderator looked. Names the state."""

    code = "already_decided"
    message = _("This was decided meanwhile. Look at it again.")
