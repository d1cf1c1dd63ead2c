"""The queue of cases, reports one by one, decisions, appeals, rules, and the log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import accounts.asking  # noqa: F401 (registers the converter of ids)
from community.look_only import LookOnly

from . import appeal_desk, case_desk, desk
from .models import Appeal, Case, Decision, Guideline, LogLine, Report
from .queue import shown_cases

CASES_A_PAGE = 20


@admin.register(Case)
class CaseAdmin(LookOnly, admin.ModelAdmin):
    """The queue: cases are decided, never edited."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("bulk/", view(self.decide_many), name="moderation_bulk"),
            path("<row:pk>/take/", view(self.take), name="moderation_take"),
            path("<row:pk>/let-go/", view(self.let_go), name="moderation_let_go"),
            path("<row:pk>/decide/", view(self.decide_case), name="moderation_decide_case"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Open cases, those that matter most first; ?settled=1 shows those that were decided."""
        self._check(request)
        settled = request.GET.get("settled") == "1"
        rows = Case.objects.decided() if settled else Case.objects.waiting()
        page = Paginator(rows.select_related("leased_by"), CASES_A_PAGE).get_page(
            request.GET.get("p")
        )
        shown = shown_cases(list(page.object_list), now=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cases"),
            "opts": self.opts,
            "page": page,
            "settled": settled,
            "now": timezone.now(),
            "may_bulk": request.user.has_perm(case_desk.IN_BULK) and not settled,
            "labels": case_desk.LABELS.items(),
            "cases": [
                {"shown": row, "verdicts": case_desk.verdicts_for(row, request.user)}  # type: ignore[arg-type]
                for row in shown
            ],
        }
        return TemplateResponse(request, "admin/moderation/queue.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self._check(request)
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        return case_desk.case_page(request, pk, admin_site=self.admin_site)

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._check(request)
        return case_desk.take(request, pk)

    def let_go(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._check(request)
        return case_desk.let_go(request, pk)

    def decide_case(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._check(request)
        return case_desk.decide(request, pk, admin_site=self.admin_site)

    def decide_many(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        return case_desk.decide_many(request, admin_site=self.admin_site)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


@admin.register(Report)
class ReportAdmin(LookOnly, admin.ModelAdmin):
    """What readers said, one by one; they are read together, as cases."""

    list_display = ("created_at", "reason", "thing", "reporter", "outcome", "words")
    list_filter = ("outcome", "reason")
    list_select_related = ("reporter", "note", "comment", "person")
    search_fields = ("words", "reporter__username")
    fields = readonly_fields = (
        "reporter", "note", "comment", "person", "about", "excerpt", "reason", "words", "case",
        "created_at", "settled_at", "outcome",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "decide/<str:kind>/<row:pk>/<str:act>/",
            self.admin_site.admin_view(self.decide),
            name="moderation_decide",
        )
        return [decide, *super().get_urls()]

    @admin.display(description=_("about"))
    def thing(self, report: Report) -> str:
        return str(report.thing)

    def decide(self, request: HttpRequest, kind: str, pk: int, act: str) -> HttpResponse:
        return desk.decide(request, kind, pk, act, admin_site=self.admin_site)


@admin.register(Decision)
class DecisionAdmin(LookOnly, admin.ModelAdmin):
    """A decision is never rewritten, only followed, or taken back with a reason."""

    change_form_template = "admin/moderation/decision.html"
    list_display = ("decided_at", "act", "guideline", "thing", "moderator", "reason", "ends_at")
    list_filter = ("act", "ended_as", "guideline", ("moderator", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("note", "comment", "person", "moderator", "guideline")
    search_fields = ("reason", "note__title", "moderator__username", "author__username")
    date_hierarchy = "decided_at"
    fields: ClassVar = (
        "note", "comment", "person", "author", "act", "guideline", "label", "reason", "excerpt",
        "moderator", "decided_at", "ends_at", "ended_at", "ended_as",
    )  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        back = path(
            "<row:pk>/take-back/",
            self.admin_site.admin_view(self.take_back),
            name="moderation_take_back",
        )
        return [back, *super().get_urls()]

    @admin.display(description=_("about"))
    def thing(self, decision: Decision) -> str:
        return str(decision.thing or decision.about)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        decision = self.get_object(request, object_id)
        context = desk.way_back_of(decision, request.user) if decision else {}  # type: ignore[arg-type]
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return desk.take_back(request, pk, admin_site=self.admin_site)


@admin.register(Appeal)
class AppealAdmin(LookOnly, admin.ModelAdmin):
    """What authors answered, for somebody who did not decide."""

    list_display = ("appealed_at", "state", "about", "rule", "decided_by", "reviewer")
    list_filter = ("state",)
    list_select_related = ("decision__guideline", "decision__moderator", "reviewer")
    ordering: ClassVar = ["-state", "appealed_at"]

    @admin.display(description=_("decision"))
    def about(self, appeal: Appeal) -> str:
        return str(appeal.decision.get_act_display())

    @admin.display(description=_("rule"))
    def rule(self, appeal: Appeal) -> str:
        return str(appeal.decision.guideline or "–")

    @admin.display(description=_("decided by"))
    def decided_by(self, appeal: Appeal) -> str:
        return str(appeal.decision.moderator or "–")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        return appeal_desk.appeal_page(request, pk, admin_site=self.admin_site)


@admin.register(Guideline)
class GuidelineAdmin(admin.ModelAdmin):
    """The rules: operators write them in both languages; a rule that was used is put out of use."""

    list_display = ("code", "name_en", "name_zh", "severity", "is_active", "position")
    list_filter = ("is_active",)
    fields = (
        "code", "name_en", "name_zh", "text_en", "text_zh", "severity", "is_active", "position",
    )  # fmt: skip

    def get_readonly_fields(
        self, request: HttpRequest, obj: Guideline | None = None
    ) -> tuple[str, ...]:
        """Reports and decisions are known by the code: it stays."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Guideline | None = None) -> bool:
        used = obj is not None and Decision.objects.filter(guideline=obj).exists()
        return not used and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(LogLine)
class LogLineAdmin(LookOnly, admin.ModelAdmin):
    """Every act of staff, also those that were refused. Nothing here can be changed."""

    list_display = ("at", "actor", "act", "about", "words")
    list_filter = ("act",)
    list_select_related = ("actor",)
    search_fields = ("about", "words", "actor__username")
    date_hierarchy = "at"
