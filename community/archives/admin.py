"""For operators: whose archive is where. What is in it is its person's alone."""

from __future__ import annotations

from django.contrib import admin

from community.look_only import LookOnly

from .models import Archive


@admin.register(Archive)
class ArchiveAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("person", "state", "done", "sections", "size", "asked_at", "expires_at")
    list_filter = ("state",)
    search_fields = ("person__username",)
    list_select_related = ("person",)
    exclude = ("token",)
