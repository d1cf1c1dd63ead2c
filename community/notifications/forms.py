"""How somebody wants to be told, as a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Preferences
from .topics import TOPICS, Way, ways_for


@dataclass(frozen=True)
class Box:
    """One square of the table: a topic told in one way."""

    value: str
    label: str
    ticked: bool
    fixed: bool


class PreferencesForm(forms.Form):
    ways = forms.MultipleChoiceField(
        choices=[(f"{topic}.{way}", "") for topic in TOPICS for way in Way.values], required=False
    )
    from_whom = forms.ChoiceField(
        label=_("Likes, comments and mentions from"),
        choices=Preferences.Whom.choices,
        widget=forms.RadioSelect,
    )
    quiet_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    digest = forms.ChoiceField(
        label=_("Digest by mail"), choices=Preferences.Digest.choices, widget=forms.RadioSelect
    )

    @classmethod
    def of(cls, chosen: Preferences) -> PreferencesForm:
        fields = ("from_whom", "quiet_from", "quiet_until", "digest")
        ways = [f"{topic}.{way}" for topic in TOPICS for way in ways_for(topic, chosen.ways)]
        return cls(initial={"ways": ways} | {field: getattr(chosen, field) for field in fields})

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        ends = [typed.get("quiet_from"), typed.get("quiet_until")]
        if not self.errors and ends.count(None) == 1:
            field = "quiet_from" if ends[0] is None else "quiet_until"
            self.add_error(field, _("Give both ends of the quiet hours, or none."))
        return typed

    def rows(self) -> Iterator[tuple[Any, list[Box]]]:
        """The table: each topic's name and its squares."""
        ticked = set(self["ways"].value() or [])
        for name, topic in TOPICS.items():
            boxes = []
            for way in Way:
                value, fixed = f"{name}.{way}", topic.always_shown and way == Way.PAGE
                label = f"{topic.label}: {way.label}"
                boxes.append(Box(value, label, fixed or value in ticked, fixed))
            yield topic.label, boxes

    def chosen(self) -> dict[str, Any]:
        """What the service takes."""
        typed = self.cleaned_data
        ways: dict[str, list[str]] = {topic: [] for topic in TOPICS}
        for value in typed["ways"]:
            topic, _dot, way = value.partition(".")
            ways[topic].append(way)
        return {
            "ways": ways,
            "from_whom": typed["from_whom"],
            "digest": typed["digest"],
            "quiet": _ends(typed["quiet_from"], typed["quiet_until"]),
        }


def _ends(start: time | None, end: time | None) -> tuple[time, time] | tuple[()]:
    return (start, end) if start is not None and end is not None else ()
