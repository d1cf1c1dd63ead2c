"""Operators set the bar of a channel; its notes are judged anew."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import bars
from .models import ChannelBar


@admin.register(ChannelBar)
class ChannelBarAdmin(admin.ModelAdmin):
    list_display = ("channel", "bar", "set_by", "set_at")
    list_select_related = ("channel__parent", "set_by")
    ordering = ("channel__position",)
    fields = ("channel", "bar")

    def get_readonly_fields(
        self, request: HttpRequest, obj: ChannelBar | None = None
    ) -> tuple[str, ...]:
        return ("channel",) if obj else ()

    def save_model(self, request: HttpRequest, obj: ChannelBar, form: Any, change: bool) -> None:
        bars.set_bar(
            channel=obj.channel,
            bar=obj.bar,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: ChannelBar) -> None:
        bars.clear_bar(channel=obj.channel)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ChannelBar]) -> None:
        for row in queryset:
            bars.clear_bar(channel=row.channel)
