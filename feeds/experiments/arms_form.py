"""Arms as people type them: a name, a share in percent, and settings with another value.

What is typed as JSON below wins over the rows above it; both come out as the same list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feeds.policies import current
from feeds.policy import Policy
from feeds.policy_form import as_typed

from . import reach
from .buckets import BUCKETS
from .models import Experiment

# Rows offered for arms and for settings of each; more where more are there already.
ARMS, SETTINGS = 3, 3
# Nobody types more.
MOST_ARMS, MOST_SETTINGS = 10, 40
LONGEST = 20_000
FIRST = [
    {"name": "control", "share": 500, "overrides": {}},
    {"name": "trial", "share": 500, "overrides": {}},
]


class ArmsWidget(forms.Widget):
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        raw = str(data.get(name, "")).strip()
        if raw or f"{name}-0-name" not in data:
            return raw[:LONGEST]
        return [arm for row in range(MOST_ARMS) if (arm := _typed(data, f"{name}-{row}"))]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-name" not in data

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        arms, raw = _readable(value)
        present = present_values(current()[1])
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "arms": _rows(arms, present),
            "raw": raw,
            "settings": [
                (setting, present[setting], ", ".join(units)) for setting, units in offered(present)
            ],
        }
        return SafeString(render_to_string("admin/experiments/arms.html", context))


class ArmsField(forms.JSONField):
    widget = ArmsWidget

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, list):
            return value or None
        try:
            return parsed(str(value))
        except ValueError:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def prepare_value(self, value: Any) -> Any:
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True


class ExperimentForm(forms.ModelForm):
    arms = ArmsField(label=_("Arms"), initial=FIRST)

    class Meta:
        model = Experiment
        fields = (
            "name", "question", "unit", "layer", "first_bucket", "buckets", "split_readers",
            "arms", "days",
        )  # fmt: skip


def parsed(text: str) -> Any:
    """Raises ValueError, also where it is nested deeper than anybody means."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def initial_arms(text: str) -> Any:
    """Arms from an address, as a list where they can be read, else as they came."""
    try:
        arms = parsed(text[:LONGEST])
    except ValueError:
        return text[:LONGEST]
    return arms if isinstance(arms, list) else text[:LONGEST]


def offered(present: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """(setting, units it can be tried on) of all that can be tried."""
    found = ((name, [u for u in reach.OPEN_TO if reach.is_open(name, u)]) for name in present)
    return [(name, units) for name, units in found if units]


def present_values(policy: Policy) -> dict[str, Any]:
    """Setting -> what it is now; each rung of the ladder by itself."""
    values = {name: value for name, value in as_typed(policy) if name != "pools.ladder"}
    for place, tier in enumerate(policy.pools.ladder):
        for part in ("base", "extra", "hours"):
            values[f"pools.ladder.{place}.{part}"] = getattr(tier, part)
    return values


def _typed(data: Mapping[str, Any], row: str) -> dict[str, Any] | None:
    """One arm from its fields; None for an empty row."""
    name = str(data.get(f"{row}-name", "")).strip()
    share = str(data.get(f"{row}-share", "")).strip()
    overrides = {}
    for place in range(MOST_SETTINGS):
        setting = str(data.get(f"{row}-setting-{place}", "")).strip()
        if setting:
            overrides[setting] = _value(str(data.get(f"{row}-value-{place}", "")))
    if not (name or share or overrides):
        return None
    return {"name": name, "share": _share(share), "overrides": overrides}


def _share(percent: str) -> int | str:
    """In thousandths; what is no number is left for the check to refuse."""
    try:
        return round(float(percent) * BUCKETS / 100)
    except (ValueError, OverflowError):
        return percent


def _value(text: str) -> Any:
    """A number or list where it reads as one, else a word such as `formula`."""
    try:
        return parsed(text)
    except ValueError:
        return text.strip()


def _readable(value: Any) -> tuple[list[dict[str, Any]], str]:
    """(arms that fit into rows, JSON that does not)."""
    if isinstance(value, str):
        value = initial_arms(value) if value else []
    if value is None:
        value = []
    fits = isinstance(value, list) and all(
        isinstance(arm, dict) and isinstance(arm.get("overrides", {}), dict) for arm in value
    )
    if fits and len(value) <= MOST_ARMS:
        return value, ""
    return [], value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rows(arms: list[dict[str, Any]], present: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for place in range(max(ARMS, len(arms))):
        arm = arms[place] if place < len(arms) else {}
        pairs: list[tuple[str, str, Any]] = [
            (name, json.dumps(value).strip('"'), present.get(name, "?"))
            for name, value in arm.get("overrides", {}).items()
        ]
        pairs += [("", "", "")] * max(1, SETTINGS - len(pairs))
        share = arm.get("share", "")
        shown = f"{share * 100 / BUCKETS:g}" if isinstance(share, int) else share
        rows.append({"name": arm.get("name", ""), "share": shown, "pairs": pairs})
    return rows
