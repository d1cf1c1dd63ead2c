"""Ties from the feeds' rows to the other rooms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def note_key(**options: Any) -> models.ForeignKey:
    """To a note. No database constraint: these tables take thousands of rows in one statement,
    and Django's own collector removes them with their note."""
    return models.ForeignKey(
        "community.Note", on_delete=models.CASCADE, db_constraint=False, related_name="+", **options
    )


def person_key(**options: Any) -> models.ForeignKey:
    """To a person, likewise."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
        **options,
    )
