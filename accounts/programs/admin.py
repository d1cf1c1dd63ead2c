"""The desk sees programs, so that staff can take one away; codes and tokens it does not."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from oauth2_provider.models import (
    AccessToken,
    Application,
    Grant,
    IDToken,
    RefreshToken,
)

for model in (AccessToken, Application, Grant, IDToken, RefreshToken):
    admin.site.unregister(model)


@admin.register(Application)
class ProgramAdmin(admin.ModelAdmin):
    list_display = ("name", "user", "redirect_uris", "created")
    search_fields = ("name", "user__username", "client_id")
    fields = ("name", "user", "client_id", "client_type", "redirect_uris", "created")
    readonly_fields = fields
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False
