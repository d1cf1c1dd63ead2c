"""What a service says when it will not do something, in words that a person can act on."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal with a stable code, an HTTP status and a sentence in the person's language."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("That was not possible.")

    def __init__(
        self, message: str | Promise | None = None, *, field: str = "", code: str = ""
    ) -> None:
        self.text = message or type(self).message
        self.field = field
        self.kind = code or type(self).code
        super().__init__(str(self.kind))

    def __str__(self) -> str:
        return str(self.text)


class NotFound(DomainError):
    """It does not exist, or this person may not know that it does."""

    status, code = 404, "not_found"
    message = _("We cannot find that. It may have been removed.")


class NotAllowed(DomainError):
    status, code = 403, "not_allowed"
    message = _("You may not do that.")


class Invalid(DomainError):
    """What was typed cannot be taken as it is; `field` names where."""

    status, code = 400, "invalid"
    message = _("Please check what you entered.")


class Conflict(DomainError):
    status, code = 409, "conflict"
    message = _("Something changed meanwhile. Look at it again and retry.")


class CannotTieToSelf(Invalid):
    code = "self"
    message = _("You cannot do that with your own account.")


class Blocked(NotAllowed):
    code = "blocked"
    message = _("You cannot do that with this person.")
