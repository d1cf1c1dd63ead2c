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
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, DomainError

from . import services
from .models import Experiment
from .watch_admin import WatchAdmin

__all__ = ["ExperimentAdmin", "WatchAdmin"]


@admin.register(Experiment)
class ExperimentAdmin(admin.ModelAdmin):
    change_form_template = "admin/experiments/experiment.html"
    list_display = (
        "name",
        "state",
        "unit",
        "layer",
        "first_bucket",
        "buckets",
        "started_at",
        "stopped_at",
    )
    list_filter = ("state", "unit", "layer")
    fields: ClassVar = (
        "name", "question", "unit", "layer", "first_bucket", "buckets", "arms", "days",
        "split_readers", "state", "remark", "started_at", "stopped_at", "results",
    )  # fmt: skip
    readonly_fields = ("state", "remark", "started_at", "stopped_at", "results")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = obj is not None and obj.state != Experiment.State.DRAFT
        return self.fields if fixed else self.readonly_fields

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

    @admin.display(description=gettext_lazy("results"))
    def results(self, experiment: Experiment) -> SafeString | str:
        # Here, so that processes which serve pages do not load scipy at their start.
        from .results import results_of
        from .statistics import ratio_alarms

        found = results_of(experiment, now=timezone.now()) if experiment.pk else None
        if found is None:
            return "–"
        told = [", ".join(f"{name}: {count}" for name, count in found.counts)]
        if ratio_alarms(found.ratio):
            told.append(_("The arms are not as large as they should be: do not trust this."))
        if not found.over:
            told.append(_("It has not run as long as was set: the intervals do not hold yet."))
        told.append(
            _("Variance explained by the time before: %(n).0f%%") % {"n": found.saved * 100}
        )
        cells = (
            (row.metric, row.arm, *_shown(row.estimate), *_shown(row.lift, percent=True))
            for row in found.rows
        )
        return format_html(
            '<div class="desk-figures">{}<table class="desk-diff"><tr><th>{}</th><th>{}</th>'
            "<th>{}</th><th>95%</th><th>{}</th><th>95%</th></tr>{}</table></div>",
            format_html_join("", "<p>{}</p>", ((line,) for line in told)),
            _("metric"),
            _("arm"),
            _("value"),
            _("lift"),
            format_html_join("", f"<tr>{'<td>{}</td>' * 6}</tr>", cells),
        )


def _shown(figure: Any, *, percent: bool = False) -> tuple[str, str]:
    """A value and its interval."""
    shape = "{:+.1%}" if percent else "{:.4g}"
    if figure is None or figure.value is None:
        return "–", "–"
    if figure.low is None:
        return shape.format(figure.value), "–"
    return shape.format(figure.value), f"{shape} … {shape}".format(figure.low, figure.high)
