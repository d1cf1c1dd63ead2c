from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from community.importing.importer import import_lines

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def person(name: str, /, **fields: Any) -> dict[str, Any]:
    return {"type": "person", "id": f"p-{name}", "username": name, "joined": "-40d"} | fields


def follow(one: str, other: str, /, **fields: Any) -> dict[str, Any]:
    return {"type": "follow", "from": f"p-{one}", "to": f"p-{other}", "at": "-10d"} | fields


def note(name: str, author: str, /, **fields: Any) -> dict[str, Any]:
    given = {"type": "note", "id": name, "author": f"p-{author}", "at": "-2d", "channel": "pottery"}
    return given | {"title": f"Bowl {name}", "tags": ["陶艺"]} | fields


def act(who: str, on: str, kind: str, /, **fields: Any) -> dict[str, Any]:
    given = {"type": "interaction", "person": f"p-{who}", "note": on, "kind": kind, "at": "-3h"}
    return given | fields


SMALL = [
    person("lin", name="林小满", lat=30.2531, lon=120.1557, interests=["craft", "food", "books"]),
    person("mei"),
    person("tom"),
    follow("mei", "lin"),
    note("n-1", "lin", place={"name": "The kiln", "city": "Hangzhou", "lat": 30.22, "lon": 120.11}),
    note("n-2", "mei", body="#glaze at last", tags=[], at="2026-02-27T08:00:00+08:00"),
    act("mei", "n-1", "open"),
    act("mei", "n-1", "dwell", value=23),
    act("mei", "n-1", "like"),
    act("tom", "n-1", "like"),
    act("tom", "n-1", "collect"),
    act("tom", "n-1", "share"),
    act("mei", "n-1", "comment", text="Lovely", id="c-1"),
    act("lin", "n-1", "comment", text="Thank you", id="c-2", reply_to="c-1"),
    act("mei", "n-1", "comment", text="And the rim!", reply_to="c-2"),
]


@pytest.fixture
def load(db: None) -> Any:
    """Import lines as from one file; (report, refused line → reason)."""

    def run(lines: Any, **options: Any) -> Any:
        report = import_lines(lines, **({"source": "test", "now": NOW, "cards": False} | options))
        return report, {refusal.line: refusal.reason for refusal in report.refused}

    return run
