"""Which database file a table lives in."""

from __future__ import annotations

from typing import Any


class CacheHasItsOwnFile:
    """The cache table in its own file; everything else in the community's database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == "django_cache":
            return db == "cache"
        return db == "default"
