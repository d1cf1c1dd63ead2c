"""Learnt versions with their figures and plots; published and taken back with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
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

from . import registry, store
from .models import Artefact

PLOT = "plot_"


class WhyForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@admin.register(Artefact)
class ArtefactAdmin(LookOnly, admin.ModelAdmin):
    change_form_template = "admin/artefacts/version.html"
    list_display = ("__str__", "state", "trained_at", "published_at", "size", "remark")
    list_filter = ("kind", "state")
    show_full_result_count = False
    fields: ClassVar = (
        "kind", "number", "state", "remark", "trained_at", "published_at", "published_by",
        "measured", "material", "plots", "size", "files",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("figures"))
    def measured(self, artefact: Artefact) -> SafeString | str:
        return as_tables(artefact.figures)

    @admin.display(description=gettext_lazy("trained on"))
    def material(self, artefact: Artefact) -> SafeString | str:
        return as_tables(artefact.trained_on)

    @admin.display(description=gettext_lazy("files"))
    def files(self, artefact: Artefact) -> SafeString | str:
        lines = artefact.checksums.items() if artefact.folder else ()
        return format_html_join("", "<div>{} <code>{}</code></div>", lines) or "–"

    @admin.display(description=gettext_lazy("plots"))
    def plots(self, artefact: Artefact) -> SafeString | str:
        return (
            format_html_join(
                "",
                '<img class="desk-plot" src="{}" alt="{}">',
                (
                    (reverse("admin:artefacts_plot", args=[artefact.pk, name]), name)
                    for name in plot_names(artefact)
                ),
            )
            or "–"
        )

    # ---------------------------------------------------------------- addresses
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/plot/<slug:name>.svg", view(self.plot), name="artefacts_plot"),
            path("<int:pk>/publish/", view(self.publish), name="artefacts_publish"),
            path("<int:pk>/roll-back/", view(self.roll_back), name="artefacts_roll_back"),
            *super().get_urls(),
        ]

    def plot(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """One plot of a version. It may style itself and do nothing else."""
        artefact = Artefact.objects.filter(pk=pk).first()
        if not self.has_view_permission(request, artefact):
            raise PermissionDenied
        if artefact is None or name not in plot_names(artefact):
            raise Http404
        try:
            drawing = store.read_text(artefact, PLOT + name)
        except store.Corrupt as error:
            raise Http404 from error
        return HttpResponse(
            drawing,
            content_type="image/svg+xml",
            headers={
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": (
                    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
                ),
            },
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        artefact = self.get_object(request, object_id)
        context: dict[str, Any] = {"why": WhyForm()}
        if artefact is not None and may_publish(request):
            waiting = artefact.state in (Artefact.State.TRAINED, Artefact.State.RETIRED)
            context |= {
                "can_publish": waiting and artefact.folder,
                "can_roll_back": artefact.state == Artefact.State.IN_FORCE,
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def publish(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        artefact, reason = self._asked(request, pk)
        if reason:
            try:
                registry.publish(
                    artefact,
                    by=request.user,  # type: ignore[arg-type]
                    remark=reason,
                    now=timezone.now(),
                )
            except DomainError as error:
                messages.error(request, str(error))
            else:
                self.log_change(request, artefact, f"published: {reason}")
                messages.success(request, _("%(version)s is in force.") % {"version": artefact})
        return self._back(artefact)

    def roll_back(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        artefact, reason = self._asked(request, pk)
        if reason and artefact.state == Artefact.State.IN_FORCE:
            now_in_force = registry.roll_back(
                artefact.kind,
                by=request.user,  # type: ignore[arg-type]
                remark=reason,
                now=timezone.now(),
            )
            self.log_change(request, artefact, f"taken back: {reason}")
            if now_in_force is None:
                messages.warning(request, _("Taken back; nothing of this kind is in force now."))
            else:
                messages.success(request, _("%(version)s is in force.") % {"version": now_in_force})
        return self._back(artefact)

    def _asked(self, request: HttpRequest, pk: int) -> tuple[Artefact, str]:
        """The version and the reason given; no reason, no deed."""
        artefact = Artefact.objects.filter(pk=pk).first()
        if artefact is None or request.method != "POST":
            raise Http404
        if not may_publish(request):
            raise PermissionDenied
        form = WhyForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Please give a reason."))
            return artefact, ""
        return artefact, form.cleaned_data["reason"]

    def _back(self, artefact: Artefact) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:artefacts_artefact_change", args=[artefact.pk]))


def may_publish(request: HttpRequest) -> bool:
    return request.user.has_perm("artefacts.publish_artefact")


def plot_names(artefact: Artefact) -> list[str]:
    """Names of the plots whose files are kept, without their mark."""
    if not artefact.folder:
        return []
    names = (name.removesuffix(".txt") for name in artefact.checksums if name.endswith(".txt"))
    return [name.removeprefix(PLOT) for name in names if name.startswith(PLOT)]


def as_tables(values: Any) -> SafeString | str:
    """Figures for people: objects of one shape as the rows of a table, the rest by name."""
    if not isinstance(values, dict):
        return shown(values)
    if values and all(isinstance(part, dict) and part for part in values.values()):
        columns = list(dict.fromkeys(name for part in values.values() for name in part))
        inner = [part[name] for part in values.values() for name in part]
        if not any(isinstance(value, dict) for value in inner):
            return _table(columns, values)
    pairs = ((spaced(name), as_tables(part)) for name, part in values.items())
    listed = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", pairs)
    return format_html('<dl class="desk-figures">{}</dl>', listed) if listed else "–"


def _table(columns: list[str], rows: dict[str, dict[str, Any]]) -> SafeString:
    head = format_html_join("", "<th>{}</th>", ((spaced(name),) for name in columns))
    body = format_html_join(
        "",
        "<tr><th>{}</th>{}</tr>",
        (
            (
                spaced(name),
                format_html_join("", "<td>{}</td>", ((shown(row.get(c)),) for c in columns)),
            )
            for name, row in rows.items()
        ),
    )
    return format_html(
        '<div class="desk-figures"><table class="desk-diff"><thead><tr><th></th>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head,
        body,
    )


def spaced(name: str) -> str:
    return name.replace("_", " ")


def shown(value: Any) -> str:
    """A figure as it is read: five digits, lists with commas, nothing as a dash."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, float):
        return f"{value:.5g}" if abs(value) < 100_000 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(shown(part) for part in value)
    return str(value)
