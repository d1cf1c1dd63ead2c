"""Which database a table lives in, and from which one it is read."""

from __future__ import annotations

from typing import Any

from django.db import connections

from . import replica

# Who may come in: what is revoked ends at once, and who has just come is known.
WAYS_IN = frozenset({"sessions", "knox", "oauth2_provider", "account", "mfa"})


class CacheHasItsOwnFile:
    """The cache table in its own file; everything else in the community's database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == "django_cache":
            return db == "cache"
        return db == "default"


class ReplicaForReaders:
    """Requests that only look read the replica, as far as it is fresh for them (`replica`)."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        request = replica.current()
        if request is None or model._meta.app_label in WAYS_IN:
            return "default"
        # What a transaction reads it may have written.
        return "default" if connections["default"].in_atomic_block else request.alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        request = replica.current()
        if request is not None:
            request.wrote = True
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """What was read here or there is the same row."""
        return True
