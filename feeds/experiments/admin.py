"""Experiments: drawn up, started, read and decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError
from feeds import policies

from . import services
from .arms_form import ExperimentForm, initial_arms, present_values
from .models import Experiment
from .watch_admin import WatchAdmin

__all__ = ["ExperimentAdmin", "WatchAdmin"]


def _is_settled(experiment: Experiment | None) -> bool:
    return experiment is not None and experiment.state != Experiment.State.DRAFT


@admin.register(Experiment)
class ExperimentAdmin(admin.ModelAdmin):
    change_form_template = "admin/experiments/experiment.html"
    list_display = (
        "name", "state", "unit", "started_at", "stopped_at", "layer", "first_bucket", "buckets",
    )  # fmt: skip
    list_filter = ("state", "unit", "layer")
    form = ExperimentForm
    drafted: ClassVar = (
        "name", "question", "unit", "layer", "first_bucket", "buckets", "split_readers", "arms",
        "days",
    )  # fmt: skip
    # Nothing of an experiment that has started is changed by hand.
    settled: ClassVar = (
        "name", "question", "unit", "layer", "first_bucket", "buckets", "split_readers",
        "days", "state", "remark", "started_at", "stopped_at",
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.settled if _is_settled(obj) else self.drafted

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.settled if _is_settled(obj) else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From the address, as other pages propose an experiment: ?name=…&arms=<JSON>."""
        initial = super().get_changeform_initial_data(request)
        if "arms" in initial:
            initial["arms"] = initial_arms(str(initial["arms"]))
        return initial

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        draft = obj is not None and obj.state == Experiment.State.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/step/", step, name="experiments_step"), *super().get_urls()]

    def step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start, stop or decide, with a confirmation that names the step."""
        experiment = Experiment.objects.filter(pk=pk).first()
        if experiment is None or request.method != "POST":
            raise Http404
        if not self.has_change_permission(request, experiment):
            raise PermissionDenied
        common: Any = {"experiment": experiment, "by": request.user, "now": timezone.now()}
        arm, reason = request.POST.get("arm", ""), request.POST.get("reason", "").strip()
        steps = {
            "draft": lambda: services.start(**common),
            "running": lambda: services.stop(**common),
            "stopped": lambda: services.decide(**common, arm=arm, reason=reason),
        }
        try:
            if request.POST.get("from") != experiment.state or experiment.state not in steps:
                raise Conflict()
            moved = steps[experiment.state]()
        except DomainError as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, moved, f"{moved.state}: {moved.remark or reason}")
            messages.success(request, moved.get_state_display())
        return HttpResponseRedirect(reverse("admin:experiments_experiment_change", args=[pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What has started is read, not saved: arms and results stand below, at full width."""
        experiment = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if (
            experiment is not None
            and _is_settled(experiment)
            and self.has_view_permission(request, experiment)
        ):
            context = {
                "show_save": False, "show_save_and_continue": False,
                "show_save_and_add_another": False, "arms": _arms(experiment),
                "results": _results(experiment),
            }  # fmt: skip
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def _results(experiment: Experiment) -> SafeString | str:
    # Here, so that processes which serve pages do not load scipy at their start.
    from . import desk_results
    from .results import results_of

    found = results_of(experiment, now=timezone.now())
    return "–" if found is None else desk_results.shown(found)


def _arms(experiment: Experiment) -> SafeString:
    """What each arm does, beside the values now in force."""
    now = present_values(policies.current()[1])
    rows = [
        (arm["name"], f"{arm['share'] / 10:g}%", name, value, now.get(name, "–"))
        for arm in experiment.arms
        for name, value in (arm["overrides"] or {"–": "–"}).items()
    ]
    heads = (_("arm"), _("share"), _("setting"), _("value"), _("in force"))
    return format_html(
        '<div class="desk-figures"><table class="desk-diff"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td><td><code>{}</code></td><td>{}</td>'
            "<td>{}</td></tr>",
            rows,
        ),
    )
