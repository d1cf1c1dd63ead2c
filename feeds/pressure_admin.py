"""The forecast of reading on the desk: places for new notes by hour, and what is owed to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.look_only import LookOnly

from .drawing import SHAPE, as_image, pygal, svg
from .models import SupplyHour
from .pressure import places_ahead, pressure
from .supply_rules import HOUR, Forecast

HOURS = 48


@admin.register(SupplyHour)
class SupplyHourAdmin(LookOnly, admin.ModelAdmin):
    """One page: the coming two days hour by hour."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        found, ahead = pressure(now=now), places_ahead(now)
        hours = coming(ahead, now)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reading ahead"),
            "opts": self.opts,
            "pressure": found,
            "weeks": ahead.hours // 168,
            "hours": hours,
            "plot": as_image(drawn(hours, owed=found.owed)),
        }
        return TemplateResponse(request, "admin/feeds/reading_ahead.html", context)


def coming(ahead: Forecast, now: datetime) -> list[tuple[datetime, float, float]]:
    """(hour, places in it, places from now to its end) of the next HOURS."""
    starts = [now + hour * HOUR for hour in range(HOURS)]
    return [(at, ahead.between(at, at + HOUR), ahead.between(now, at + HOUR)) for at in starts]


def drawn(hours: list[tuple[datetime, float, float]], *, owed: int) -> str:
    """Places so far as a line that rises to what is owed, which is a level one."""
    from pygal.style import Style

    chart = pygal().Line(
        **SHAPE | {"height": 320, "width": 860, "show_legend": True},
        style=Style(colors=("#0a777b", "#c93a25"), background="#ffffff", plot_background="#ffffff"),
        title=_("Places for new notes, and what is owed to them"), legend_at_bottom=True,
        x_title=_("hours from now"), show_dots=False, truncate_legend=40,
    )  # fmt: skip
    chart.x_labels = [str(n) for n in range(len(hours))]
    chart.x_labels_major_every, chart.show_minor_x_labels = 6, False
    chart.add(_("places from now on"), [round(row[2], 1) for row in hours])
    chart.add(_("views owed now"), [owed] * len(hours), stroke_style={"dasharray": "8, 3"})
    return svg(chart)
