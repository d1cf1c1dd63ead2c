"""What guardrails look after, with the figures of their last look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.look_only import LookOnly

from .models import Watch
from .wording import FIGURES

# The page of what is watched.
PAGES = {
    Watch.Kind.POLICY: "admin:feeds_enginepolicy_change",
    Watch.Kind.ARTEFACT: "admin:artefacts_artefact_change",
    Watch.Kind.EXPERIMENT: "admin:experiments_experiment_change",
}
# A sign beside the word, for who sees no colours.
SIGNS = {
    "kept": ("✓", gettext_lazy("kept")),
    "broken": ("✕", gettext_lazy("broken")),
    "too little data": ("·", gettext_lazy("too little data")),
}


@admin.register(Watch)
class WatchAdmin(LookOnly, admin.ModelAdmin):
    change_form_template = "admin/experiments/watch.html"
    list_display = ("name", "kind", "state", "since", "until", "checked_at", "remark")
    list_filter = ("state", "kind")
    show_full_result_count = False
    fields: ClassVar = (
        "subject_link", "kind", "state", "remark", "since", "measured_from", "until", "checked_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("what"))
    def subject_link(self, watch: Watch) -> SafeString:
        page = reverse(PAGES[Watch.Kind(watch.kind)], args=[watch.subject])
        return format_html('<a href="{}">{}</a>', page, watch.name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        watch = self.get_object(request, object_id)
        nothing = _("Nothing could be measured yet.")
        shown = as_table(watch.findings) if watch is not None and watch.findings else nothing
        context = {"findings": shown} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)


def as_table(findings: list[dict[str, Any]]) -> SafeString:
    """One row a guard: before, after, the difference with its interval, what is tolerated."""
    heads = (
        _("guardrail"), _("verdict"), _("before"), _("after"), _("difference"), _("for certain"),
        _("tolerated"),
    )  # fmt: skip
    return format_html(
        '<div class="desk-figures"><table class="desk-diff"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join("", "{}", ((_row(found),) for found in findings)),
    )


def _row(found: Mapping[str, Any]) -> SafeString:
    sign, word = SIGNS.get(found["state"], ("", found["state"]))
    name = FIGURES.get(found["name"], found["name"])
    interval = "–"
    if found["low"] is not None:
        interval = f"{found['low']:+.4f} … {found['high']:+.4f}"
    cells = (
        _with_weight(found["before"], found["weight_before"]),
        _with_weight(found["after"], found["weight_after"]),
        f"{found['difference']:+.4f}",
        interval,
        f"{found['tolerated']:+.4f}",
    )
    return format_html(
        '<tr><th scope="row">{}{}</th><td class="desk-verdict" data-state="{}">{} {}</td>{}</tr>',
        f"{found['arm']}: " if found.get("arm") else "",
        name,
        found["state"],
        sign,
        word,
        format_html_join("", "<td>{}</td>", ((cell,) for cell in cells)),
    )


def _with_weight(value: float, weight: float) -> SafeString:
    return format_html('{} <span class="help">({})</span>', f"{value:.4f}", f"{weight:,.0f}")
