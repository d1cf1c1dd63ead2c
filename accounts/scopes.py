"""What a program may do for a person: the scopes of its token, each in plain words.

Which operation of the interface asks for which scope stands in api/operations.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import Invalid
from .models import LEGACY_SCOPES, User


class Scope(models.TextChoices):
    READ = "read", gettext_lazy("Read what you can read: feeds, notes, your settings and figures")
    WRITE = (
        "write",
        gettext_lazy(
            "Act as you: publish, change and delete notes, comment, like, follow, block, change"
            " your profile, spend from your wallet"
        ),
    )
    EVENTS = (
        "events",
        gettext_lazy("Tell the feed what you saw and read, and what you want less of"),
    )
    MESSAGES = "messages", gettext_lazy("Read and send your private messages")
    MODERATION = "moderation", gettext_lazy("Moderate, as far as your role lets you")


# What tokens could do before they had scopes, and what one gets that names none.
USUAL = LEGACY_SCOPES


def parse_scopes(text: str) -> tuple[str, ...]:
    """The known scopes of a text with blanks between them, in the order of `Scope`."""
    named = set(text.split())
    return tuple(scope.value for scope in Scope if scope.value in named)


def offered_to(person: User) -> list[Scope]:
    """Scopes that mean something for this person: only staff moderates."""
    return [scope for scope in Scope if scope is not Scope.MODERATION or person.is_staff]


def check_scopes(person: User, wanted: Iterable[str]) -> str:
    """Scopes as they are stored. Raises Invalid for none and for what one may not give away."""
    named = set(wanted)
    if not named:
        raise Invalid(_("Choose at least one thing that the program may do."), field="scopes")
    known = {scope.value for scope in offered_to(person)}
    if strange := named - known:
        shown = ", ".join(sorted(strange))[:100]
        raise Invalid(_("There is no such scope: %(scopes)s.") % {"scopes": shown}, field="scopes")
    return " ".join(parse_scopes(" ".join(named)))
