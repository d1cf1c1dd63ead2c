"""The forms of a page as a browser would send them: every field, and each button that sends one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

TYPES_OF_BUTTONS = ("submit", "image")
TICKED = ("checkbox", "radio")


@dataclass
class Form:
    """Where a form is sent and with what: `fields` are (tag, attributes, content) as drawn."""

    action: str
    method: str
    fields: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def filled(self, words: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(name, value) of all fields: what is drawn in, else `words` of the field's name or type.

        Every box is ticked. What may stay empty does, unless `words` has something for its name.
        """
        filled = []
        for name, group in groupby(self.fields, key=lambda each: each[1]["name"]):
            drawn = list(group)
            filled += [(name, value) for value in _values(drawn, words)]
        return filled

    def presses(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """(address that differs from the form's or "", what the button adds), each button once."""
        for button in self.buttons or [{}]:
            own = [(button["name"], button.get("value", ""))] if button.get("name") else []
            yield button.get("formaction", ""), own


def _values(drawn: list[tuple[str, dict[str, str], str]], words: Mapping[str, Any]) -> list[str]:
    tag, attributes, content = drawn[0]
    kind = attributes.get("type", "text") if tag == "input" else tag
    if kind == "checkbox":
        return [each.get("value", "on") for _tag, each, _content in drawn]
    if kind == "radio":
        chosen = [each for _tag, each, _content in drawn if "checked" in each]
        return [(chosen or [attributes])[0].get("value", "on")]
    value = content if tag in ("textarea", "select") else attributes.get("value", "")
    if value.strip() or kind in ("hidden", "select"):
        return [value]
    wanted = attributes["name"] in words or "required" in attributes or tag == "textarea"
    return [words.get(attributes["name"], words.get(kind, words["text"])) if wanted else ""]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        # (id of its form or None, the form around it, tag, attributes, content)
        self.found: list[list[Any]] = []
        self.around: Form | None = None
        self.open: list[Any] | None = None

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "form":
            method = attributes.get("method", "get").lower()
            self.around = Form(attributes.get("action", ""), method)
            self.forms.append(self.around)
            self.by_id[attributes.get("id", "")] = self.around
        elif tag == "option" and self.open is not None:
            self._option(attributes)
        elif tag in ("input", "textarea", "select", "button"):
            row = [attributes.get("form"), self.around, tag, attributes, ""]
            self.found.append(row)
            self.open = row if tag in ("textarea", "select") else None

    def _option(self, attributes: dict[str, str]) -> None:
        """The option that is selected, else the first that says something."""
        assert self.open is not None
        if ("selected" in attributes and attributes.get("value")) or not self.open[4]:
            self.open[4] = attributes.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.open[2] == "textarea":
            self.open[4] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.around = None
        elif tag in ("textarea", "select"):
            self.open = None


def forms_of(html: str) -> list[Form]:
    """All forms of a page, with what belongs to them by standing inside or by `form="…"`."""
    reader = _Reader()
    reader.feed(html)
    for named, around, tag, attributes, content in reader.found:
        form = reader.by_id.get(named) if named else around
        if form is None or "disabled" in attributes:
            continue
        if tag == "button" or attributes.get("type") in TYPES_OF_BUTTONS:
            if attributes.get("type", "submit") in TYPES_OF_BUTTONS:
                form.buttons.append(attributes)
        elif attributes.get("name") and attributes.get("type") != "file":
            form.fields.append((tag, attributes, content))
    return reader.forms
