"""Collaborations for staff to look at: every step, and where the money stands."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from community.look_only import LookOnly

from .models import Collaboration, CollaborationStep, Creator


class StepInline(LookOnly, admin.TabularInline):
    model = CollaborationStep
    fields = ("at", "act", "by", "words", "price")
    extra = 0


@admin.register(Collaboration)
class CollaborationAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("__str__", "brand", "creator", "price", "state", "created_at", "due_at")
    list_filter = ("state",)
    list_select_related = ("brand", "creator")
    search_fields = ("title", "brand__name", "creator__username")
    inlines: ClassVar = [StepInline]


@admin.register(Creator)
class CreatorAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("person", "listed", "tier", "followers", "reach", "engagement", "price")
    list_filter = ("listed", "tier")
    list_select_related = ("person",)
    search_fields = ("person__username",)
