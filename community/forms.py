"""Forms about notes, comments and reports: they clean what was typed, services judge it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.asking import whole_number
from community.models import Channel, Note
from community.models.comment import COMMENT_LENGTH
from community.models.licence import Licence
from community.models.note import BODY_LENGTH, TITLE_LENGTH
from community.moderation.models import Report
from community.moderation.reports import WORDS_LENGTH
from community.services.tagging import shown_names
from community.text.clean import clean_body, clean_line

LARGEST_ID = 2**63 - 1
# Longer than anything a form takes, with all that cleaning may remove.
HOPELESS = 50_000
TAGS_TYPED = 2_000
LOCAL_TIME = "%Y-%m-%dT%H:%M"
MOST_TICKED = 50
TAG_SEPARATORS = re.compile(r"[,，、;；#＃\n]+")


class Typed(forms.CharField):
    """What was typed without what nobody sees. Every one of these has a `max_length`.

    What is far beyond it is not even cleaned: that would cost a second and be refused anyway.
    """

    def to_python(self, value: Any) -> str:
        typed = str(value or "")
        return typed if len(typed) > HOPELESS else self.clean_text(typed)

    def clean_text(self, typed: str) -> str:
        return clean_line(typed, max_length=HOPELESS)


class Line(Typed):
    """One line."""


class Text(Typed):
    """Several lines."""

    widget = forms.Textarea

    def clean_text(self, typed: str) -> str:
        return clean_body(typed)


class Words(Typed):
    """Tags as people type them: between commas of any script, lines or # signs."""

    def clean_text(self, typed: str) -> str:
        return clean_body(typed)

    @staticmethod
    def split(value: str) -> list[str]:
        return [word for part in TAG_SEPARATORS.split(value) if (word := part.strip())]


def _too_long(limit: int) -> dict[str, Any]:
    message = _("At most %(limit_value)d characters: this has %(show_value)d.")
    return {"max_length": limit, "error_messages": {"max_length": message}}


class PlannedTime(forms.DateTimeField):
    """A time to the minute in the person's own time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
        told = {
            "invalid": _("Write the time as 2026-05-01T18:30."),
            "required": _("Choose a time."),
        }
        super().__init__(
            label=kwargs.pop("label", _("Publish at")),
            widget=widget,
            input_formats=[LOCAL_TIME, f"{LOCAL_TIME}:%S"],
            error_messages=told,
            **kwargs,
        )


class ScheduleForm(forms.Form):
    publish_at = PlannedTime()


class RowIds(forms.Field):
    """Ids of the boxes that were ticked, as numbers; what is none is passed over."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[int]:
        words = [str(word) for word in value or ()][:MOST_TICKED]
        return [number for number in map(whole_number, words) if number is not None]


class NoteForm(forms.Form):
    """What an author types about a note; its pictures are rows of their own."""

    title = Line(label=_("Title"), required=False, **_too_long(TITLE_LENGTH))
    body = Text(label=_("Text"), required=False, **_too_long(BODY_LENGTH))
    tags = Words(label=_("Tags"), required=False, **_too_long(TAGS_TYPED))
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        error_messages={"invalid_choice": _("Choose a channel from the list.")},
    )
    visibility = forms.ChoiceField(
        label=_("Who can see it"),
        choices=Note.Visibility.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose who can see the note.")},
    )
    # Left out by who sends a form of their own: it stays as it was.
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=Licence.explained,
        required=False,
        error_messages={"invalid_choice": _("Choose a licence from the list.")},
    )
    ai_made = forms.BooleanField(label=_("Made with AI"), required=False)
    publish_at = PlannedTime(required=False)
    place_name = Line(label=_("Place"), required=False, **_too_long(80))
    place_city = Line(label=_("City"), required=False, **_too_long(80))
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    product = RowIds(required=False)
    product_q = Line(label=_("Find a product or brand"), required=False, **_too_long(100))
    paid = forms.BooleanField(label=_("Paid partnership"), required=False)
    # Without it a page that knows nothing of products leaves them as they are.
    commerce = forms.BooleanField(required=False)

    def __init__(self, *args: Any, channels: Iterable[Channel] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = list(channels)
        self.fields["channel"].choices = _shelves(self.channels)  # type: ignore[attr-defined]
        for name in ("title", "body", "tags", "place_name", "place_city", "product_q"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        for axis in ("latitude", "longitude"):
            self.fields[axis].widget = forms.TextInput(attrs={"inputmode": "decimal"})

    @property
    def chosen_channel(self) -> Channel | None:
        slug = self.cleaned_data.get("channel")
        return next((channel for channel in self.channels if channel.slug == slug), None)

    @property
    def chosen_products(self) -> list[int]:
        """Ids of the ticked products: of what was sent, else of what the note links."""
        if self.is_bound:
            return RowIds().clean(self["product"].value())
        return list(self.initial.get("product", ()))

    @property
    def commerce_typed(self) -> dict[str, Any]:
        """Products and label for NoteContent, if the page asked for them."""
        if not self.cleaned_data["commerce"]:
            return {}
        paid = Note.Disclosure.PAID if self.cleaned_data["paid"] else Note.Disclosure.NONE
        return {"products": self.cleaned_data["product"], "disclosure": paid}

    @property
    def chosen_tags(self) -> list[str]:
        return Words.split(self.cleaned_data.get("tags", ""))

    @classmethod
    def of(cls, note: Note, channels: Iterable[Channel]) -> NoteForm:
        """The form filled with what a note says now."""
        place = note.place
        return cls(
            channels=channels,
            initial={
                "title": note.title,
                "body": note.body,
                "tags": ", ".join(shown_names(note)),
                "channel": note.channel.slug,
                "visibility": note.visibility,
                "licence": note.licence,
                "ai_made": note.ai_made,
                "place_name": place.name if place else "",
                "place_city": place.city if place else "",
                "latitude": place.latitude if place else None,
                "longitude": place.longitude if place else None,
                "product": list(note.product_links.values_list("product_id", flat=True)),
                "paid": note.disclosure == Note.Disclosure.PAID,
            },
        )


def _shelves(channels: list[Channel]) -> list[tuple[Any, Any]]:
    """Both levels for a <select>: a group for each first-level channel, itself first in it."""
    shelves: list[tuple[Any, Any]] = [("", _("Choose a channel"))]
    for top in channels:
        if top.parent_id is None:
            parts = [channel for channel in channels if channel.parent_id == top.pk]
            shelves.append((top.name, [(channel.slug, channel.name) for channel in [top, *parts]]))
    return shelves


class CommentForm(forms.Form):
    body = Text(
        label=_("Comment"),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("At most %(limit_value)d characters: this has %(show_value)d."),
        },
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reply_to = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs.pop("maxlength", None)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose what is wrong."),
        },
    )
    words = Text(label=_("Details, if you like"), required=False, **_too_long(WORDS_LENGTH))


class InterestsForm(forms.Form):
    """Channels as tiles; how many are needed is the service's rule."""

    interests = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Choose from the channels shown.")}
    )

    def __init__(self, *args: Any, channels: Iterable[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interests"].choices = [(c.slug, c.name) for c in channels]  # type: ignore[attr-defined]
