"""The engine behind the scenes: its policy to edit as a new version, its pools to look at."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lexicon.admin import TagAdmin
from community.look_only import LookOnly
from community.models import Tag

from . import policies, pressure_admin, second_look_admin  # noqa: F401 (register their desks)
from .models import EnginePolicy, Interest, PoolEntry, PoolTransition
from .policy import Policy, PolicyError
from .policy_form import PolicyForm, differences


def interested_people(tag: Tag) -> int:
    """People to whom the tag means something and who did not remove it."""
    about = Interest.objects.filter(kind=Interest.Kind.TAG, target=tag.pk, weight__gt=0)
    return about.filter(removed=False).count()


TagAdmin.figures.append((gettext_lazy("people interested"), interested_people))


@admin.register(EnginePolicy)
class EnginePolicyAdmin(admin.ModelAdmin):
    """Versions are never changed: saving makes a new one, going back publishes an old one again."""

    list_display = ("__str__", "published_at", "published_by", "remark")
    list_select_related = ("published_by",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        again = path(
            "<int:pk>/again/",
            self.admin_site.admin_view(self.publish_again),
            name="feeds_policy_again",
        )
        return [again, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The settings in force as a form. "Preview" shows what would change, "publish" does it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        _version, in_force = policies.current()
        form = PolicyForm(request.POST or None, policy=in_force)
        changes = None
        if request.method == "POST" and form.is_valid() and form.policy:
            changes = differences(in_force, form.policy)
            if "_publish" in request.POST and changes:
                return self._publish(request, form.policy, form.cleaned_data["remark"])
            if not changes:
                messages.info(request, _("Nothing differs from the version in force."))
        context = self._context(request) | {
            "form": form,
            "changes": changes,
            "title": _("Engine policy"),
        }
        return TemplateResponse(request, "admin/feeds/policy_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One version beside the one in force."""
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        number, in_force = policies.current()
        changes: list[Any] = []
        problems: list[str] = []
        try:
            changes = differences(in_force, Policy.from_dict(version.values, stored=True))
        except PolicyError as error:
            problems = error.problems
        context = self._context(request) | {
            "title": f"{_('Engine policy')} {version}",
            "version": version,
            "in_force": number,
            "changes": changes,
            "problems": problems,
            "may_publish": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/feeds/policy_version.html", context)

    def publish_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go back: an older version's settings as a new version."""
        version = EnginePolicy.objects.filter(pk=pk).first()
        if version is None or request.method != "POST":
            raise Http404
        if not self.has_add_permission(request):
            raise PermissionDenied
        remark = _("Back to %(version)s") % {"version": version}
        try:
            return self._publish(request, Policy.from_dict(version.values, stored=True), remark)
        except PolicyError as error:
            messages.error(request, "; ".join(error.problems))
            return HttpResponseRedirect(reverse("admin:feeds_enginepolicy_change", args=[pk]))

    def _publish(self, request: HttpRequest, policy: Policy, remark: str) -> HttpResponseRedirect:
        version = policies.publish(
            values=policy.to_dict(),
            by=request.user,  # type: ignore[arg-type]
            remark=remark,
            now=timezone.now(),
        )
        self.log_addition(request, version, [{"added": {"name": str(version), "object": remark}}])
        messages.success(request, _("%(version)s is in force.") % {"version": version})
        return HttpResponseRedirect(reverse("admin:feeds_enginepolicy_changelist"))

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}


@admin.register(PoolEntry)
class PoolEntryAdmin(LookOnly, admin.ModelAdmin):
    list_display = (
        "note", "state", "tier", "promised", "delivered", "in_flight", "engagement", "started_at",
        "due_at",
    )  # fmt: skip
    list_filter = ("state", "tier")
    list_select_related = ("note",)
    search_fields = ("note__title", "author__username")
    show_full_result_count = False
    ordering = ("-started_at",)
    fields: ClassVar = (
        "note", "author", "state", "tier", "promised", "delivered", "in_flight", "engagement",
        "started_at", "due_at", "discounted_acts", "discounted_score", "discounted_views",
        "steps",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("steps"))
    def steps(self, entry: PoolEntry) -> SafeString | str:
        """The log of this note's way through the pools."""
        rows = PoolTransition.objects.filter(note=entry.note_id)
        lines = (
            (f"{row.at:%Y-%m-%d %H:%M}", row.from_tier, row.to_tier, row.reason, row.figures)
            for row in rows
        )
        listed = format_html_join("", "<li>{} · {} → {} · {} · {}</li>", lines)
        return format_html("<ul>{}</ul>", listed) if listed else "–"


@admin.register(PoolTransition)
class PoolTransitionAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("at", "note", "from_tier", "to_tier", "state", "reason", "rate")
    list_filter = ("state", "reason", "from_tier")
    list_select_related = ("note",)
    search_fields = ("note__title",)
    date_hierarchy = "at"
    show_full_result_count = False
    ordering = ("-pk",)
    fields: ClassVar = ("note", "from_tier", "to_tier", "state", "reason", "rate", "figures", "at")
    readonly_fields = fields
