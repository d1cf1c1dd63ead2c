"""For commands that work on a community which is there already."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from community.health import pending_migrations

from .doctor import absent_community


class CommunityCommand(BaseCommand):
    """Refuses, before anything is read or made, where no community of this code is."""

    def execute(self, *args: Any, **options: Any) -> Any:
        if not _in_memory() and (absent := absent_community()):
            raise CommandError(f"Community: {absent.said}. To mend it, {absent.mend}.")
        try:
            pending = pending_migrations()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}.") from error
        if pending:
            raise CommandError(
                f"The database is not up to date: {len(pending)} migrations are pending, first"
                f" {pending[0]}. Make a backup, then: manage.py migrate."
            )
        return super().execute(*args, **options)


def _in_memory() -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
