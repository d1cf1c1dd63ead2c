"""For operators: who leaves, and what was taken away. Nothing is edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Departure


@admin.register(Departure)
class DepartureAdmin(admin.ModelAdmin):
    list_display = ("person", "state", "asked_at", "due_at", "done_at", "kept_row")
    list_filter = ("state",)
    list_select_related = ("person",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
