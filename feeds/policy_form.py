"""The engine's settings as a form: one field a setting, made from the dataclasses of policy.py.

The help beside each field is the comment that stands above the setting there, so that the two
cannot drift apart.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_type_hints

from django import forms
from django.utils.translation import gettext_lazy as _

from .policy import Policy, PolicyError, Tier

SETTING = re.compile(r"    (\w+): ")
TIER_SHAPE = _("One tier a line: name, base, extra, hours, separated by blanks.")
LIST_SHAPE = _("Numbers separated by commas.")


class PolicyForm(forms.Form):
    """Fields are named by dotted setting, e.g. `pools.quality_bar`; `policy` is the cleaned one."""

    remark = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        self.policy: Policy | None = None
        kwargs["initial"] = dict(as_typed(policy))
        super().__init__(*args, **kwargs)
        for name, hint, help_text in settings_of(Policy):
            self.fields[name] = _field(hint, name, help_text)
        self.order_fields([name for name in self.fields if name != "remark"] + ["remark"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.policy = Policy.from_dict(_nested(cleaned))
        except PolicyError as error:
            for problem in error.problems:
                name, _colon, sentence = problem.partition(": ")
                self.add_error(self._field_of(name), sentence)
        return cleaned

    def _field_of(self, name: str) -> str | None:
        """`pools.ladder[1].base` is told beside `pools.ladder`."""
        bare = name.partition("[")[0]
        return bare if bare in self.fields else None

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """(name of the section, its fields), in the order of policy.py."""
        for section in fields(Policy):
            prefix = f"{section.name}."
            yield section.name, [self[name] for name in self.fields if name.startswith(prefix)]


def settings_of(kind: type, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    """(dotted name, type, help) of every setting."""
    hints, comments = get_type_hints(kind), comments_of(kind)
    for item in fields(kind):
        hint = hints[item.name]
        if is_dataclass(hint):
            yield from settings_of(hint, f"{prefix}{item.name}.")  # type: ignore[arg-type]
        else:
            yield f"{prefix}{item.name}", hint, comments.get(item.name, "")


@cache
def comments_of(kind: type) -> dict[str, str]:
    """Setting → the comment lines directly above it in the source."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in inspect.getsource(kind).splitlines():
        if line.strip().startswith("#"):
            above.append(line.strip(" #"))
            continue
        if (setting := SETTING.match(line)) and above:
            found[setting[1]] = " ".join(above)
        above = []
    return found


def as_typed(policy: Policy) -> Iterator[tuple[str, Any]]:
    """(dotted name, what stands in its field) of a policy."""
    for name, _hint, _help in settings_of(Policy):
        value: Any = policy
        for part in name.split("."):
            value = getattr(value, part)
        yield name, _shown(value)


def _shown(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    if value and isinstance(value[0], Tier):
        return "\n".join(f"{tier.name} {tier.base} {tier.extra} {tier.hours}" for tier in value)
    return ", ".join(f"{number:g}" for number in value)


def _field(hint: Any, name: str, help_text: str) -> forms.Field:
    label = name.rpartition(".")[2].replace("_", " ")
    if hint is int:
        return forms.IntegerField(label=label, help_text=help_text)
    if hint is float:
        return forms.FloatField(
            label=label, help_text=help_text, widget=forms.NumberInput(attrs={"step": "any"})
        )
    if hint is str:
        return forms.CharField(label=label, help_text=help_text, max_length=60)
    if Tier in hint.__args__:
        return TiersField(
            label=label, help_text=TIER_SHAPE, widget=forms.Textarea(attrs={"rows": 5})
        )
    return NumbersField(label=label, help_text=f"{help_text} {LIST_SHAPE}".strip())


class TiersField(forms.CharField):
    """The ladder, typed as lines."""

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return [self._tier(line) for line in super().clean(value).splitlines() if line.strip()]

    def _tier(self, line: str) -> dict[str, Any]:
        parts = line.split()
        try:
            name, base, extra, hours = parts
            return {"name": name, "base": int(base), "extra": int(extra), "hours": int(hours)}
        except ValueError:
            raise forms.ValidationError(
                _("“%(line)s” is not a tier: name, base, extra, hours."), params={"line": line[:80]}
            ) from None


class NumbersField(forms.CharField):
    def clean(self, value: Any) -> list[float]:
        try:
            return [float(part) for part in super().clean(value).split(",")]
        except ValueError:
            raise forms.ValidationError(_("Enter numbers separated by commas.")) from None


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in flat.items():
        if "." not in name:
            continue
        *path, last = name.split(".")
        inner = values
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return values


def differences(old: Policy, new: Policy) -> list[tuple[str, Any, Any]]:
    """(setting, old, new) where they differ."""
    before, after = dict(as_typed(old)), dict(as_typed(new))
    return [(name, before[name], after[name]) for name in before if before[name] != after[name]]
