"""Logged lists to look at, under a line that says which ranker serves and why."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.look_only import LookOnly
from feeds.policies import current

from . import logged
from .models import RankedList
from .standing import standing_of


@admin.register(RankedList)
class RankedListAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("list_id", "person", "at", "ranker", "policy_version", "length")
    list_filter = ("ranker",)
    list_select_related = ("person",)
    show_full_result_count = False
    fields: ClassVar = ("list_id", "person", "at", "ranker", "policy_version", "length", "places")
    readonly_fields = fields

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": ranking_now()} | (extra_context or {})
        return super().changelist_view(request, context)

    @admin.display(description=gettext_lazy("places"))
    def places(self, row: RankedList) -> SafeString | str:
        """Note, score and propensity of each place."""
        try:
            served = logged.read(row)
        except logged.Unreadable as error:
            return str(error)
        columns = (served.note_ids, served.scores, served.propensities)
        lines = zip(*(column.tolist() for column in columns), strict=True)
        cells = ((note, f"{score:.4f}", f"{chance:.4f}") for note, score, chance in lines)
        listed = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", cells)
        return format_html('<table class="desk-diff">{}</table>', listed)


def ranking_now() -> str:
    standing = standing_of(current()[1], now=timezone.now())
    if standing.models is not None:
        return _("Discover is ranked by %(version)s") % {"version": standing.version}
    return _("Discover is ranked by the formula: %(reason)s") % {"reason": standing.reason}
