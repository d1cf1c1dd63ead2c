"""Review of topics, and the calendar of events."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.several import ChoosesSeveral
from community.look_only import LookOnly

from . import lifting, services
from .models import ScheduledEvent, ScheduledEventVersion, Topic


@admin.register(Topic)
class TopicAdmin(ChoosesSeveral, admin.ModelAdmin):
    list_display = ("name_zh", "name_en", "state", "people", "usual", "source", "proposed_at")
    list_filter = ("state",)
    search_fields = ("name_zh", "name_en", "source")
    ordering = ("-heat", "-pk")
    fields = (
        "name_zh", "name_en", "tags", "queries", "state", "source", "figures", "heat", "steps",
    )  # fmt: skip
    readonly_fields = ("state", "source", "figures", "heat", "steps")
    raw_id_fields = ("tags",)
    actions = ("approve", "refuse_as_noise", "refuse_as_manipulation", "close", "merge")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("people in a day"), ordering="heat")
    def people(self, topic: Topic) -> str:
        return str(topic.figures.get("people", "–"))

    @admin.display(description=gettext_lazy("usually"))
    def usual(self, topic: Topic) -> str:
        return str(topic.figures.get("usual", "–"))

    @admin.display(description=gettext_lazy("steps"))
    def steps(self, topic: Topic) -> str:
        rows = topic.steps.select_related("by").order_by("pk")
        lines = ((f"{s.at:%Y-%m-%d %H:%M}", s.by or "–", s.state, s.reason) for s in rows)
        return format_html_join("", "<div>{} · {} · {} · {}</div>", lines) or "–"

    @admin.action(description=gettext_lazy("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        self._decide(request, topics, Topic.State.OPEN, "")

    @admin.action(description=gettext_lazy("Refuse: nothing of note"), permissions=["change"])
    def refuse_as_noise(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        self._decide(request, topics, Topic.State.REFUSED, "nothing of note")

    @admin.action(description=gettext_lazy("Refuse: looks arranged"), permissions=["change"])
    def refuse_as_manipulation(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        self._decide(request, topics, Topic.State.REFUSED, "looks arranged")

    @admin.action(description=gettext_lazy("Close"), permissions=["change"])
    def close(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        self._decide(request, topics, Topic.State.CLOSED, "")

    @admin.action(description=gettext_lazy("Merge into the hottest"), permissions=["change"])
    def merge(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        into, *others = topics.order_by("-heat", "pk")
        for topic in others:
            try:
                services.merge(topic=topic, into=into, by=request.user, now=timezone.now())  # type: ignore[arg-type]
            except DomainError as refusal:
                messages.error(request, f"{topic}: {refusal}")
            else:
                self.log_change(request, topic, f"merged into {into.slug}")

    def _decide(
        self, request: HttpRequest, topics: QuerySet[Topic], state: str, reason: str
    ) -> None:
        for topic in topics:
            try:
                services.decide(
                    topic=topic,
                    state=state,
                    by=request.user,  # type: ignore[arg-type]
                    reason=reason,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                messages.error(request, f"{topic}: {refusal}")
            else:
                self.log_change(request, topic, f"{state}: {reason}")
                messages.success(request, _("%(topic)s: done.") % {"topic": topic})


@admin.register(ScheduledEvent)
class ScheduledEventAdmin(ChoosesSeveral, admin.ModelAdmin):
    list_display = ("name_zh", "name_en", "starts_at", "ends_at", "lift")
    ordering = ("-starts_at",)
    raw_id_fields = ("tags",)
    filter_horizontal = ("channels",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        lifting.log_version(form.instance, by=request.user, now=timezone.now())  # type: ignore[arg-type]


@admin.register(ScheduledEventVersion)
class ScheduledEventVersionAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("event_id", "at", "by", "values")
    list_select_related = ("by",)
    ordering = ("-pk",)
