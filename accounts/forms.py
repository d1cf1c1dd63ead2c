"""Forms about people."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Profile

NAME_LENGTH, BIO_LENGTH, CITY_LENGTH = 40, 300, 80


class SignupForm(AllauthSignupForm):
    """Email, name, password: one screen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["username"].help_text = _(
            "2 to 30 letters and digits, Chinese too. Others find you by it."
        )
        self.fields["email"].help_text = _(
            "Never shown. Only for logging in and for a new password."
        )
        self.fields["email"].label = _("Email")
        self.fields["password1"].help_text = _("At least 8 characters, and not only digits.")


# Emoji are joined with these, so they stay between letters; alone they are nothing.
JOINERS = "\u200c\u200d"
# Letters that are drawn as nothing: a name of them would be a blank.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"


class PlainLine(forms.CharField):
    """One line: runs of blanks become one blank; controls, overrides and fillers vanish."""

    def to_python(self, value: Any) -> str:
        typed = str(value or "")
        kept = (
            c
            for c in typed
            if (c.isprintable() or c.isspace() or c in JOINERS) and c not in FILLERS
        )
        return " ".join("".join(kept).split()).strip(JOINERS + " ")


class ProfileForm(forms.Form):
    """What a person says of themselves, and how they want the community to behave."""

    avatar = forms.FileField(label=_("Picture"), required=False, allow_empty_file=True)
    display_name = PlainLine(label=_("Name"), required=False, max_length=NAME_LENGTH)
    bio = PlainLine(
        label=_("About you"), required=False, max_length=BIO_LENGTH, widget=forms.Textarea
    )
    city = PlainLine(label=_("City"), required=False, max_length=CITY_LENGTH)
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(
        label=_("Theme"), choices=Profile.Theme.choices, widget=forms.RadioSelect
    )
    personalised = forms.BooleanField(label=_("Personal recommendations"), required=False)

    # Where the city is, once the view has looked; shown in the words after saving.
    city_position: tuple[float, float] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *LANGUAGE_NAMES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [("", _("As the community")), *time_zones()]  # type: ignore[attr-defined]
        for name in ("display_name", "bio", "city"):
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.fields[name].error_messages["max_length"] = _(
                "At most %(limit_value)d characters: this has %(show_value)d."
            )

    @classmethod
    def of(cls, profile: Profile) -> ProfileForm:
        """The form filled with what the profile says now."""
        fields = (
            "display_name", "bio", "city", "language", "time_zone", "theme", "personalised",
        )  # fmt: skip
        return cls(initial={field: getattr(profile, field) for field in fields})


# Each language under its own name: who cannot read the page finds theirs.
OWN_NAMES = {"en": "English", "zh-hans": "简体中文"}
LANGUAGE_NAMES = [(code, OWN_NAMES.get(code, code)) for code, _name in settings.LANGUAGES]


@cache
def time_zones() -> list[tuple[str, Any]]:
    """Zones by region for a <select>: only those named Region/City, the others are aliases."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zoneinfo.available_timezones()):
        region, _slash, city = zone.partition("/")
        if city and region not in ("Etc", "SystemV", "US"):
            regions.setdefault(region, []).append((zone, city.replace("_", " ")))
    return [("UTC", "UTC"), *regions.items()]
