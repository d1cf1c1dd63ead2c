"""The queue of reports, and the log of decisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from community.admin import thumbnail
from community.look_only import LookOnly

from . import desk
from .models import Decision, Report
from .queue import Case, cases, groups

CASES_A_PAGE = 20


@admin.register(Report)
class ReportAdmin(LookOnly, admin.ModelAdmin):
    """Reports are read as cases and settled by verdicts, never edited."""

    fields = readonly_fields = (
        "reporter", "note", "comment", "reason", "words", "created_at", "settled_at",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "decide/<str:kind>/<int:pk>/<str:act>/",
            self.admin_site.admin_view(self.decide),
            name="moderation_decide",
        )
        return [decide, *super().get_urls()]

    def decide(self, request: HttpRequest, kind: str, pk: int, act: str) -> HttpResponse:
        return desk.decide(request, kind, pk, act, admin_site=self.admin_site)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Cases in place of single reports: ?settled=1 shows those that were decided."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        settled = request.GET.get("settled") == "1"
        page = Paginator(groups(settled=settled), CASES_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reports"),
            "opts": self.opts,
            "page": page,
            "settled": settled,
            "cases": [
                self._shown(case, request)
                for case in cases(list(page.object_list), settled=settled)
            ],
        }
        return TemplateResponse(request, "admin/moderation/queue.html", context)

    def _shown(self, case: Case, request: HttpRequest) -> dict[str, Any]:
        images = case.thing.images.all() if case.kind == "note" else []  # type: ignore[union-attr]
        return {
            "case": case,
            "state": desk.short_state(case.thing),
            "thumbnails": [thumbnail(image) for image in images],
            "change_url": f"admin:community_{case.kind}_change",
            **desk.buttons(case.thing, case.kind, request.user),  # type: ignore[arg-type]
        }


@admin.register(Decision)
class DecisionAdmin(LookOnly, admin.ModelAdmin):
    """A decision is never rewritten, only followed by another."""

    list_display = ("decided_at", "act", "note", "comment", "moderator", "reason")
    list_filter = ("act", ("moderator", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("note", "comment", "moderator")
    search_fields = ("reason", "note__title", "moderator__username")
    date_hierarchy = "decided_at"
    fields: ClassVar = ("note", "comment", "act", "reason", "moderator", "decided_at")
    readonly_fields = fields
