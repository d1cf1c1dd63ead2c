"""Staff see which notes repeat which."""

from __future__ import annotations

from django.contrib import admin

from community.look_only import LookOnly

from .models import Likeness


@admin.register(Likeness)
class LikenessAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("note", "what", "original", "own", "share", "found_at")
    list_filter = ("what", "own")
    list_select_related = ("note", "original")
    search_fields = ("note__title", "original__title", "note__author__username")
    show_full_result_count = False
    ordering = ("-pk",)
    fields = ("note", "what", "original", "own", "share", "found_at")
    readonly_fields = fields
