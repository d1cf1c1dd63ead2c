"""For operators: whose addresses do not answer, and what was sent. Nothing is edited here."""

from __future__ import annotations

from django.contrib import admin

from community.look_only import LookOnly

from .models import Delivery, Endpoint


@admin.register(Endpoint)
class EndpointAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("url", "person", "is_active", "failing_since", "created_at")
    list_filter = ("is_active", "given_up")
    search_fields = ("url", "person__username")
    list_select_related = ("person",)
    exclude = ("salt",)


@admin.register(Delivery)
class DeliveryAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("kind", "endpoint", "state", "tries", "status", "trouble", "created_at")
    list_filter = ("state", "kind")
    list_select_related = ("endpoint",)
