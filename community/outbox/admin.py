"""What workers have to do, what they set aside, and whether they live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from community.look_only import LookOnly

from . import aside, jobs
from .models import Heartbeat, Job

SILENT_FOR = timedelta(seconds=30)

admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ClockAdmin(PeriodicTaskAdmin):
    """The library's own, whose actions ask nobody whether they may."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if self.has_change_permission(request) else {}


@admin.register(Job)
class JobAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("kind", "key", "state", "queue", "tries", "run_at", "last_words")
    list_filter = ("state", "queue", "kind")
    search_fields = ("kind", "key", "last_error")
    show_full_result_count = False
    fields: ClassVar = (
        "kind", "key", "arguments", "queue", "state", "tries", "run_at", "lease_until",
        "created_at", "last_error",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("try_again", "discard")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        summary = aside.summary(now=timezone.now()) if self.has_view_permission(request) else []
        return super().changelist_view(request, {"summary": summary} | (extra_context or {}))

    @admin.display(description=gettext_lazy("last error"))
    def last_words(self, job: Job) -> str:
        return job.last_error[:120]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_job")

    @admin.action(description=gettext_lazy("Try again what was set aside"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = jobs.put_back(queryset.filter(state=Job.State.ASIDE), now=timezone.now())
        self.message_user(
            request,
            ngettext("%(n)d task will be tried again.", "%(n)d tasks will be tried again.", count)
            % {"n": count},
            messages.SUCCESS if count else messages.WARNING,
        )

    def has_discard_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.delete_job")

    @admin.action(
        description=gettext_lazy("Discard what was set aside: nobody does it any more"),
        permissions=["discard"],
    )
    def discard(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        gone = aside.discard(queryset.filter(state=Job.State.ASIDE))
        for job in gone:
            LogEntry.objects.log_actions(
                request.user.pk or 0, [job], DELETION, change_message=job.last_error[:500]
            )
        self.message_user(
            request,
            ngettext("%(n)d task was discarded.", "%(n)d tasks were discarded.", len(gone))
            % {"n": len(gone)},
            messages.SUCCESS if gone else messages.WARNING,
        )


@admin.register(Heartbeat)
class HeartbeatAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("name", "beaten_at", "lives")
    fields: ClassVar = ("name", "beaten_at")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("lives"), boolean=True)
    def lives(self, heartbeat: Heartbeat) -> bool:
        return timezone.now() - heartbeat.beaten_at < SILENT_FOR
