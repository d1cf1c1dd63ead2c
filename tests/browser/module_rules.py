"""Pure functions of a script, asked in the browser that runs them, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

# Call, arguments, what comes out.
Rule = tuple[str, list[Any], Any]
APPLY = """async ([module, rules]) => {
  const made = await import(`/static/js/${module}`);
  return rules.map(([name, given]) => made[name](...given));
}"""


def broken_rules(page: Page, module: str, rules: Sequence[Rule]) -> list[tuple[Any, ...]]:
    """The rules that do not hold: call, arguments, what came out and what should have."""
    page.goto("/keys/")
    made = page.evaluate(APPLY, [module, [[name, given] for name, given, _wanted in rules]])
    return [
        (name, given, got, wanted)
        for (name, given, wanted), got in zip(rules, made, strict=True)
        if _rounded(got) != _rounded(wanted)
    ]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    # Not of -0, which is what a subtraction may leave.
    return value if value is None else round(value, 6) + 0.0
