"""Second steps in the admin: seen, never what they hold; taken away for who lost both."""

from __future__ import annotations

from typing import Any

import allauth.mfa.admin  # noqa: F401 (registers what is taken back here)
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class SecondStepAdmin(admin.ModelAdmin):
    """Taking somebody's second step away is half of taking their account: superusers only."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("=user__username",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser
