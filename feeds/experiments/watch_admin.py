"""What guardrails look after, with the figures of their last look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.look_only import LookOnly

from .models import Watch

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
FIGURES = {
    "engagement per impression": gettext_lazy("engagement per impression"),
    "unwanted per impression": gettext_lazy("hides and “less of this” per impression"),
    "reports per impression": gettext_lazy("reports per impression"),
    "promises kept": gettext_lazy("promised first views kept in time"),
    "empty lists": gettext_lazy("empty discover lists"),
}


@admin.register(Watch)
class WatchAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("name", "kind", "state", "since", "until", "checked_at", "remark")
    list_filter = ("state", "kind")
    show_full_result_count = False
    fields: ClassVar = (
        "subject_link", "kind", "state", "remark", "since", "measured_from", "until", "checked_at",
        "figures",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("what"))
    def subject_link(self, watch: Watch) -> SafeString:
        page = reverse(PAGES[Watch.Kind(watch.kind)], args=[watch.subject])
        return format_html('<a href="{}">{}</a>', page, watch.name)

    @admin.display(description=gettext_lazy("findings"))
    def figures(self, watch: Watch) -> SafeString | str:
        if not watch.findings:
            return _("Nothing could be measured yet.")
        return as_table(watch.findings)


def as_table(findings: list[dict[str, Any]]) -> SafeString:
    """One row a guard: before, after, the difference with its interval, what is tolerated."""
    heads = (
        _("guardrail"), _("before"), _("after"), _("difference"), _("for certain"), _("tolerated"),
        _("verdict"),
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
        '<tr><th scope="row">{}{}</th>{}<td class="desk-verdict" data-state="{}">{} {}</td></tr>',
        f"{found['arm']}: " if found.get("arm") else "",
        name,
        format_html_join("", "<td>{}</td>", ((cell,) for cell in cells)),
        found["state"],
        sign,
        word,
    )


def _with_weight(value: float, weight: float) -> SafeString:
    return format_html('{} <span class="help">({})</span>', f"{value:.4f}", f"{weight:,.0f}")
