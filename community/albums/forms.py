"""What an owner types about an album, and whom they invite."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms import Line, Text

from .models import ABOUT_LENGTH, TITLE_LENGTH, Album
from .services import AlbumContent

LONGEST_NAME = 60


class AlbumForm(forms.Form):
    title = Line(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("An album needs a title.")},
    )
    about = Text(
        label=_("What it is about"),
        required=False,
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visibility = forms.ChoiceField(
        label=_("Who can see it"), choices=Album.Visibility.choices, widget=forms.RadioSelect
    )
    order = forms.ChoiceField(label=_("Order"), choices=Album.Order.choices)

    @classmethod
    def of(cls, album: Album) -> AlbumForm:
        return cls(initial={name: getattr(album, name) for name in cls.base_fields})

    def content(self) -> AlbumContent:
        """Call it on a valid form."""
        return AlbumContent(**self.cleaned_data)


class InvitationForm(forms.Form):
    username = Line(
        label=_("Name of the person"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Say whom you invite.")},
    )
