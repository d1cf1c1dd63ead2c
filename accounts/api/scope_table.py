"""The table of operations and scopes as documentation, drawn from the schema itself."""

from __future__ import annotations

from typing import Any

from accounts.scopes import Scope

METHODS = ("get", "post", "put", "patch", "delete")


def operations_in(schema: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(scope, method, address, operation) of everything the schema describes."""
    return [
        (described.get("x-scope", ""), method.upper(), address, described["operationId"])
        for address, methods in schema["paths"].items()
        for method, described in methods.items()
        if method in METHODS
    ]


def scope_table(schema: dict[str, Any]) -> str:
    """Markdown: a section for each scope, what it means, and what it opens."""
    rows = operations_in(schema)
    parts = [
        "# Scopes of tokens\n",
        "Written by `manage.py scope_table`; a test compares it with the interface.\n",
    ]
    for scope in Scope:
        parts.append(f"## `{scope.value}`\n\n{scope.label}.\n")
        opened = sorted(row[1:] for row in rows if row[0] == scope.value)
        if not opened:
            parts.append("No operation asks for it yet.\n")
            continue
        lines = [f"| `{name}` | {method} | `{path}` |" for method, path, name in opened]
        parts.append(
            "\n".join(["| operation | method | address |", "|---|---|---|", *lines]) + "\n"
        )
    without = ", ".join(f"`{row[3]}`" for row in rows if not row[0])
    parts.append(f"## None\n\nOpen without a token: {without}.\n")
    return "\n".join(parts)
