"""The state of the database as one word, to see whether something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection

# Not about the community: who is logged in, and how processes live.
PASSING = {"sessions.Session", "outbox.Job", "outbox.ScheduleSlot", "outbox.Heartbeat"}


def digest(models: Iterable[str] | None = None, *, without: Iterable[str] = ()) -> str:
    """Digest of all rows of these models ("app.Model"); of all but what passes by default."""
    state = hashlib.sha256()
    for label, rows in contents(models, without=without).items():
        state.update(f"{label}{rows}".encode())
    return state.hexdigest()


def contents(
    models: Iterable[str] | None = None, *, without: Iterable[str] = ()
) -> dict[str, list[Any]]:
    """All rows of each model, in order of their key, and what the search index says."""
    every = {model._meta.label: model for model in apps.get_models() if model._meta.managed}
    wanted = sorted(every.keys() - PASSING if models is None else set(models))
    left = set(without)
    tables = {
        label: list(every[label]._base_manager.order_by("pk").values_list())
        for label in wanted
        if label not in left
    }
    if models is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid, * FROM community_notesearch ORDER BY rowid")
            tables["search index"] = cursor.fetchall()
    return tables


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, Any]:
    """Tables that differ, with the rows that went and came: what a failing test should show."""
    return {
        label: {
            "gone": [row for row in before[label] if row not in after[label]][:5],
            "new": [row for row in after[label] if row not in before[label]][:5],
        }
        for label in before
        if before[label] != after[label]
    }
