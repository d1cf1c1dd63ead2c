"""Django's `migrate`, in half the time where much is new (community/lean_migrations.py)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate

from community.lean_migrations import lean_state


class Command(migrate.Command):
    def handle(self, *arguments: Any, **options: Any) -> None:
        # Whoever names an app may be going backwards, where the state before must stay as it was.
        forwards = options["app_label"] is None
        with lean_state() if forwards else nullcontext():
            super().handle(*arguments, **options)
