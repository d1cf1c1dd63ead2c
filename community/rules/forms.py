"""The form of a rule: what every kind has, and what only this kind looks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import wording
from .conditions import LONGEST_AGE, LONGEST_WINDOW, MOST_BITS
from .matching import PLACES_OF
from .models import NAME_LENGTH, WORDS_LENGTH, RuleVersion
from .past import hashes_of
from .services import Draft
from .word_list import written_out

LARGEST_FILE = 2 * 1024 * 1024


def _number(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


def _lines(label: Any, *, rows: int = 8, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
    return forms.CharField(label=label, widget=widget, required=False, strip=False, **options)


def _younger_than() -> forms.IntegerField:
    return _number(
        _("Only accounts younger than"),
        1,
        LONGEST_AGE,
        required=False,
        help_text=_("Days; empty: all."),
    )


class RuleForm(forms.Form):
    """The fields of one kind. `name` only where the rule is new."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    act = forms.ChoiceField(label=_("What it does"))
    label = forms.ChoiceField(label=_("Label"), required=False)
    places = forms.MultipleChoiceField(
        label=_("Where it looks"), widget=forms.CheckboxSelectMultiple
    )
    words_to_author = forms.CharField(
        label=_("Words to the author"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Empty: our own, in the author's language. What was found and how to mend it is added."
        ),
    )
    why = forms.CharField(
        label=_("Why this version"), max_length=WORDS_LENGTH, required=False,
        help_text=_("For the history, and for who comes after you."),
    )  # fmt: skip

    def __init__(self, kind: str, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if not is_new:
            del self.fields["name"]
        for name, field in FIELDS[kind]().items():
            self.fields[name] = field
        acts = [(act.value, act.label) for act in wording.ACTS]
        self._choose("act", acts)
        self._choose("places", [(place, wording.PLACES[place]) for place in PLACES_OF[kind]])
        if wording.LABELS:
            self._choose("label", [("", "–"), *wording.LABELS.items()])
        else:
            del self.fields["label"]
        last = ("act", "label", "words_to_author", "why")
        self.order_fields(
            [
                "name",
                *FIELDS[kind]().keys(),
                "places",
                *(name for name in last if name in self.fields),
            ]
        )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload is not None and upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large."))
        return upload

    def clean(self) -> dict[str, Any]:
        """A file takes the place of the list in the form."""
        given = super().clean() or {}
        if upload := given.get("file"):
            try:
                given["words"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not in UTF-8."))
        if given.get("of_notes"):
            added = hashes_of(map(int, re.findall(r"\d{1,18}", given["of_notes"])))
            given["hashes"] = "\n".join([given.get("hashes", ""), *added])
        return given

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(
            act=given["act"],
            places=given["places"],
            settings={
                name: given.get(name)
                for name in FIELDS[self.kind]()
                if name not in ("file", "of_notes")
            },
            words=given["words_to_author"],
            label=given.get("label", ""),
            why=given["why"],
        )


def _words() -> dict[str, forms.Field]:
    return {
        "words": _lines(
            _("Words"), rows=12,
            help_text=_(
                "One a line. “spam*” stands for any ending. After a comma: also by its sound"
                " (yes or no), also inside other words (yes or no)."
            ),
        ),
        "file": forms.FileField(
            label=_("or a file (CSV)"), required=False,
            help_text=_("Columns: word,sound,inside. It replaces the list above."),
        ),
        "exceptions": _lines(
            _("Not in these words"), rows=4,
            help_text=_("One a line. What stands inside of them is no hit."),
        ),
    }  # fmt: skip


def _links() -> dict[str, forms.Field]:
    return {
        "domains": _lines(_("Domains"), help_text=_("One a line, each with all below it.")),
        "shorteners": forms.BooleanField(label=_("Also known link shorteners"), required=False),
        "most": _number(
            _("More links than"), 0, 100, required=False, help_text=_("Empty: any number.")
        ),
    }


def _rate() -> dict[str, forms.Field]:
    return {
        "most": _number(_("More than"), 1, 1_000),
        "minutes": _number(_("in so many minutes"), 1, LONGEST_WINDOW),
        "younger_than": _younger_than(),
    }


def _newcomers() -> dict[str, forms.Field]:
    return {
        "first": _number(_("The first"), 1, 100),
        "only_links": forms.BooleanField(label=_("Only with links"), required=False),
        "younger_than": _younger_than(),
    }


def _burst() -> dict[str, forms.Field]:
    return {
        "accounts": _number(_("By so many accounts"), 2, 100),
        "minutes": _number(_("within so many minutes"), 1, LONGEST_WINDOW),
    }


def _pictures() -> dict[str, forms.Field]:
    return {
        "hashes": _lines(_("Hashes"), help_text=_("One a line: 16 hex digits.")),
        "of_notes": forms.CharField(
            label=_("and those of these notes"),
            required=False,
            max_length=300,
            help_text=_("Numbers of notes: the hashes of all their pictures are added."),
        ),
        "bits": _number(_("Bits that may differ"), 0, MOST_BITS, initial=4),
    }


FIELDS = {
    "words": _words,
    "links": _links,
    "rate": _rate,
    "newcomers": _newcomers,
    "burst": _burst,
    "pictures": _pictures,
}


def initial_of(version: RuleVersion) -> dict[str, Any]:
    """What a version says, as the form has it."""
    settings: Mapping[str, Any] = version.settings
    given = {
        name: "\n".join(value) if isinstance(value, list) and name != "words" else value
        for name, value in settings.items()
    }
    if version.rule.kind == "words":
        given["words"] = written_out([tuple(row) for row in settings["words"]])
    return given | {
        "act": version.act,
        "label": version.label,
        "places": version.places,
        "words_to_author": version.words,
    }


class WhyForm(forms.Form):
    act = forms.CharField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why"), max_length=WORDS_LENGTH, required=False)
