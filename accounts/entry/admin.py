"""The doors, at the desk."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.limits import address_of
from accounts.models import User

from . import services
from .models import EntryRules, Invitation, NetworkBlock, Newcomer
from .rules import covers


@admin.register(EntryRules)
class EntryRulesAdmin(admin.ModelAdmin):
    list_display = ("__str__", "challenged")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not EntryRules.objects.exists()


class MadeBy(admin.ModelAdmin):
    # One field with one label: Django's own has two and none, and wants styles that we forbid.
    formfield_overrides: ClassVar = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        }
    }

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Invitation)
class InvitationAdmin(MadeBy):
    list_display = ("code", "about", "uses", "used", "expires_at", "made_by")
    search_fields = ("code", "about")
    readonly_fields = ("used", "made_by", "created_at")


@admin.register(NetworkBlock)
class NetworkBlockAdmin(MadeBy):
    """Whoever blocks their own network could not take it back: that is refused."""

    list_display = ("network", "scope", "until", "reason", "made_by")
    list_filter = ("scope",)
    search_fields = ("network", "reason")
    readonly_fields = ("made_by", "created_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        own = covers(obj.network, address_of(request))
        if obj.scope == NetworkBlock.Scope.ALL and own:
            obj.scope = NetworkBlock.Scope.JOINING
            messages.warning(
                request, _("You are in this network yourself: only joining is blocked.")
            )
        super().save_model(request, obj, form, change)


@admin.register(Newcomer)
class NewcomerAdmin(admin.ModelAdmin):
    """Whoever waits is answered from the list; what they wrote stands beside their name."""

    list_display = ("person", "state", "words", "asked_at", "decided_by")
    list_filter = ("state",)
    search_fields = ("=person__username",)
    actions = ("accept", "refuse")
    fields = readonly_fields = (
        "person", "state", "words", "invitation", "asked_at", "decided_at", "decided_by",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Let them in"), permissions=["change"])
    def accept(self, request: HttpRequest, rows: QuerySet[Newcomer]) -> None:
        self._answer(request, rows, accept=True)

    @admin.action(description=gettext_lazy("Turn them down"), permissions=["change"])
    def refuse(self, request: HttpRequest, rows: QuerySet[Newcomer]) -> None:
        self._answer(request, rows, accept=False)

    def _answer(self, request: HttpRequest, rows: QuerySet[Newcomer], *, accept: bool) -> None:
        for row in rows:
            try:
                services.decide(
                    newcomer_id=row.pk,
                    accept=accept,
                    by=cast(User, request.user),
                    now=timezone.now(),
                )
            except DomainError as refused:
                messages.error(request, f"{row}: {refused}")
                continue
            messages.success(request, _("%(name)s was answered.") % {"name": row})
