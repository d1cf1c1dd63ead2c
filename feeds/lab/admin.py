"""Replays on the desk: settings are typed beside their present values, results stand below."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from feeds.policies import current
from feeds.policy_form import as_typed

from . import services
from .desk import shown
from .models import Replay
from .reach import REPLAYED

LONGEST = 200


class OverridesWidget(forms.Widget):
    """One row for each setting that a replay can judge; empty means as it is."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = {s: str(data.get(f"{name}.{s}", "")).strip()[:LONGEST] for s in sorted(REPLAYED)}
        return {setting: _value(text) for setting, text in typed.items() if text}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        known = value if isinstance(value, dict) else {}
        present = dict(as_typed(current()[1]))
        rows = [(s, known.get(s, ""), present.get(s, "–")) for s in sorted(REPLAYED)]
        return SafeString(
            render_to_string("admin/lab/overrides.html", {"name": name, "rows": rows})
        )


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


class OverridesField(forms.Field):
    widget = OverridesWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


class ReplayForm(forms.ModelForm):
    overrides = OverridesField(label=gettext_lazy("Settings"), required=False)

    class Meta:
        model = Replay
        fields = ("name", "days", "overrides")


@admin.register(Replay)
class ReplayAdmin(admin.ModelAdmin):
    change_form_template = "admin/lab/replay.html"
    form = ReplayForm
    list_display = ("name", "state", "version", "asked_at", "asked_by", "published")
    list_filter = ("state",)
    fields = ("name", "days", "overrides")
    told: ClassVar = (
        "name",
        "days",
        "version",
        "state",
        "remark",
        "asked_by",
        "asked_at",
        "published",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else self.told

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.told

    def save_model(self, request: HttpRequest, obj: Replay, form: Any, change: bool) -> None:
        asked = services.ask(
            name=obj.name,
            overrides=obj.overrides,
            days=obj.days,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        obj.pk, obj.version = asked.pk, asked.version
        messages.info(request, _("A worker takes it within a minute. Look again then."))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        publish = self.admin_site.admin_view(self.publish)
        return [path("<int:pk>/publish/", publish, name="lab_publish"), *super().get_urls()]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        replay = Replay.objects.filter(pk=pk).first()
        if replay is None or request.method != "POST":
            raise Http404
        if not request.user.has_perm("feeds.add_enginepolicy"):
            raise PermissionDenied
        reason = request.POST.get("reason", "").strip()
        by: Any = request.user
        try:
            version = services.publish(replay=replay, reason=reason, by=by, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, replay, f"published {version}: {reason}")
            messages.success(request, _("Version %(number)d is in force.") % {"number": version.pk})
        return HttpResponseRedirect(reverse("admin:lab_replay_change", args=[pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        replay = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if replay is not None and self.has_view_permission(request, replay):
            context = {
                "present": dict(as_typed(current()[1])),
                "changes": sorted(replay.overrides.items()),
                "results": shown(replay.outcome) if replay.outcome else "",
                "may_publish": request.user.has_perm("feeds.add_enginepolicy")
                and replay.state == Replay.State.DONE
                and replay.published is None
                and replay.version == current()[0],
                "experiment": _experiment_link(replay),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def _experiment_link(replay: Replay) -> str:
    """A draft of an experiment on readers with these settings."""
    arms = [
        {"name": "control", "share": 500, "overrides": {}},
        {"name": "trial", "share": 500, "overrides": replay.overrides},
    ]
    query = urlencode({"name": replay.name, "arms": json.dumps(arms)})
    return f"{reverse('admin:experiments_experiment_add')}?{query}"
