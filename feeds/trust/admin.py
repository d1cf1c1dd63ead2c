"""Circles to look at, and the word that lifts one or takes that back."""

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

from accounts.errors import DomainError
from community.look_only import LookOnly

from . import services
from .evidence import MOST_LISTED, cost_of, members_of, signs_of
from .models import Circle, Reader


@admin.register(Circle)
class CircleAdmin(LookOnly, admin.ModelAdmin):
    change_form_template = "admin/trust/circle.html"
    list_display = ("__str__", "state", "weight", "found_at", "seen_at")
    list_filter = ("state", "kind")
    search_fields = ("=members__person__username",)
    fields: ClassVar = (
        "kind", "state", "weight", "found_at", "seen_at", "signs", "cost", "people", "log",
    )  # fmt: skip
    readonly_fields = ("signs", "cost", "people", "log")

    def get_urls(self) -> list[URLPattern]:
        ruling = self.admin_site.admin_view(self.ruling)
        return [path("<int:pk>/ruling/", ruling, name="trust_ruling"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        rules = {"may_rule": request.user.has_perm("trust.change_circle")}
        return super().change_view(request, object_id, form_url, rules | (extra_context or {}))

    def ruling(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lift a circle, or discount it again, with the reason of whoever says so."""
        circle = Circle.objects.filter(pk=pk).first()
        if circle is None or request.method != "POST":
            raise Http404
        if not request.user.has_perm("trust.change_circle"):
            raise PermissionDenied
        act = services.lift if request.POST.get("act") == "lift" else services.discount_again
        reason = request.POST.get("reason", "")
        try:
            act(circle_id=pk, by=request.user, reason=reason, now=timezone.now())  # type: ignore[arg-type]
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            circle.refresh_from_db()
            self.log_change(request, circle, f"{circle.state}: {reason}")
            messages.success(request, circle.get_state_display())
        return HttpResponseRedirect(reverse("admin:trust_circle_change", args=[pk]))

    @admin.display(description=gettext_lazy("evidence"))
    def signs(self, circle: Circle) -> SafeString:
        rows = ((s.name, s.found, s.silent, f"{s.strength}%") for s in signs_of(circle))
        heads = (_("sign"), _("found"), _("says nothing up to"), _("strength"))
        return _table(heads, rows)

    @admin.display(description=gettext_lazy("discounted"))
    def cost(self, circle: Circle) -> str:
        cost = cost_of(circle)
        return _(
            "%(acts)d reactions (score %(score).1f) and %(views)d views, on %(notes)d notes"
        ) % {"acts": cost.acts, "score": cost.score, "views": cost.views, "notes": cost.notes}

    @admin.display(description=gettext_lazy("members"))
    def people(self, circle: Circle) -> SafeString:
        rows = (
            (
                format_html(
                    '<a href="{}">{}</a>',
                    reverse("admin:accounts_user_change", args=[member.person_id]),
                    member.person.username,
                ),
                f"{member.person.date_joined:%Y-%m-%d}",
                member.inside,
                member.acts,
            )
            for member in members_of(circle)
        )
        table = _table((_("person"), _("joined"), _("with members"), _("in all")), rows)
        more = circle.size - MOST_LISTED
        return table if more <= 0 else format_html("{}<p>+{}</p>", table, more)

    @admin.display(description=gettext_lazy("decisions"))
    def log(self, circle: Circle) -> SafeString | str:
        rows = circle.rulings.select_related("by")
        lines = (
            (f"{r.at:%Y-%m-%d %H:%M}", r.by or "–", r.get_state_display(), r.reason) for r in rows
        )
        return format_html_join("", "<div>{} · {} · {} · {}</div>", lines) or "–"


def _table(heads: tuple[str, ...], rows: Any) -> SafeString:
    cells = "<td>{}</td>" * len(heads)
    return format_html(
        '<div class="desk-figures desk-words"><table class="desk-diff"><tr>{}</tr>{}</table></div>',
        format_html_join("", "<th>{}</th>", ((head,) for head in heads)),
        format_html_join("", f"<tr>{cells}</tr>", rows),
    )


@admin.register(Reader)
class ReaderAdmin(LookOnly, admin.ModelAdmin):
    """People who count for less with everybody."""

    list_display = ("person", "weight", "signs", "since")
    list_select_related = ("person",)
    search_fields = ("=person__username",)
    ordering = ("weight", "-since")
