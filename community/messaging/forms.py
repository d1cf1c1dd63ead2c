"""What people type about messages; services judge it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from community.forms import Line, Text

from .rules import BODY_LENGTH, TITLE_LENGTH
from .services import Said

NAMES_TYPED = 700
TOO_LONG = _("At most %(limit_value)d characters: this has %(show_value)d.")
BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")


class MessageForm(forms.Form):
    body = Text(
        label=_("Message"),
        required=False,
        max_length=BODY_LENGTH,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    # Given when the form is drawn: pressed twice, it says a thing once.
    once = forms.RegexField(r"^[A-Za-z0-9]{1,40}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs.pop("maxlength", None)
        self.fields["once"].initial = get_random_string(22)

    def said(self, uploads: Sequence[tuple[BinaryIO, str]] = ()) -> Said:
        """Call it on a valid form."""
        typed = self.cleaned_data
        return Said(body=typed["body"], uploads=uploads, once=typed["once"])


class NewMessageForm(MessageForm):
    to = Line(
        label=_("To"),
        max_length=NAMES_TYPED,
        error_messages={"required": _("Say whom you write to."), "max_length": TOO_LONG},
        help_text=_("A name, or several names for a group."),
    )
    title = Line(
        label=_("Title of the group"),
        required=False,
        max_length=TITLE_LENGTH,
        error_messages={"max_length": TOO_LONG},
        help_text=_("Only where you write to several people."),
    )
    field_order = ("to", "title", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 4

    @property
    def names(self) -> list[str]:
        """Call it on a valid form."""
        typed = BETWEEN_NAMES.split(self.cleaned_data["to"])
        return list(dict.fromkeys(name.removeprefix("@") for name in typed if name.strip("@")))


class TitleForm(forms.Form):
    title = Line(
        label=_("Title of the group"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("A group needs a title."), "max_length": TOO_LONG},
    )


class AddForm(forms.Form):
    username = Line(
        label=_("Name of the person"),
        max_length=60,
        error_messages={"required": _("Say whom you bring in.")},
    )


class ChoicesForm(forms.Form):
    may_message = forms.ChoiceField(
        label=_("Who may write to me"),
        choices=Profile.MayMessage.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose who may write to you.")},
    )
    shows_read = forms.BooleanField(label=_("Show what I have read"), required=False)
