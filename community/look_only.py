"""For the admin of rows that nobody writes by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class LookOnly:
    """Mixed into a ModelAdmin before it: seeing needs the view permission, and that is all."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
