"""`manage.py scope_table > docs/scopes.md`: which operation needs which scope."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from accounts.api.scope_table import scope_table


class Command(BaseCommand):
    help = "Write the table of operations and scopes as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            schema = SchemaGenerator().get_schema(request=None, public=True)
            self.stdout.write(scope_table(schema), ending="")
