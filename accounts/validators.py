"""Rules of names (accounts/names.py) and passwords, in the language of the person."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .names import UsernameError, check_username

WORDS = {
    "too_short": _("A name has at least 2 characters."),
    "too_long": _("A name has at most 30 characters."),
    "bad_characters": _(
        "A name has letters and digits; dots, hyphens and underscores only between them."
    ),
    "mixed_scripts": _("A name keeps to one alphabet, so that nobody can pass for somebody else."),
    "reserved": _("This name is reserved. Try another."),
}


def check_username_is_free_to_use(username: str) -> None:
    """Refuse names that are too short or long, hard to type, or that pose as the staff."""
    try:
        check_username(username)
    except UsernameError as error:
        raise ValidationError(WORDS[error.code], code=error.code) from error


class LongEnough(MinimumLengthValidator):
    """Django's own, in words that have a translation: its Chinese is of another wording."""

    def get_error_message(self) -> str:
        return ngettext(
            "A password has at least %(count)d character.",
            "A password has at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}
