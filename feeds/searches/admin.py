"""For operators: what people look for, and words that are never suggested."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from community.look_only import LookOnly

from .models import KnownWord, SearchDay


@admin.register(KnownWord)
class KnownWordAdmin(admin.ModelAdmin):
    """Words come from the community; operators only say which are never suggested."""

    list_display = ("text", "kind", "weight", "banned")
    list_editable = ("banned",)
    # Each row has three fields, and a form at most DATA_UPLOAD_MAX_NUMBER_FIELDS.
    list_per_page = 50
    list_filter = ("banned", "kind")
    search_fields = ("text", "key")
    ordering = ("-weight", "pk")
    fields = ("text", "kind", "weight", "banned")
    readonly_fields = ("text", "kind", "weight")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SearchDay)
class SearchDayAdmin(LookOnly, admin.ModelAdmin):
    """What several people looked for on a day, and how many of them in vain."""

    list_display = ("day", "text", "people", "in_vain")
    search_fields = ("text",)
    date_hierarchy = "day"
    ordering = ("-day", "-people", "key")
