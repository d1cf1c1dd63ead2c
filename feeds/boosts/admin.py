"""The desk of boosts: what waits for review, all orders, and what was given back."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from community.look_only import LookOnly

from . import services
from .models import Boost
from .report import names_of, report_on
from .rules import Reason, State
from .wording import STEPS, amount

# Verdict, and whether it needs a reason.
VERDICTS = {
    "approve": (_("Approve"), False),
    "refuse": (_("Refuse"), True),
    "stop": (_("Stop"), True),
}


class VerdictForm(forms.Form):
    act = forms.ChoiceField(choices=[(act, act) for act in VERDICTS], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, told to the buyer"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StandingFilter(admin.SimpleListFilter):
    """The queue of review first: what waits is what one comes for."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("Waiting for review")),
            ("running", _("Running or paused")),
            ("refunded", _("Given back")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Boost]) -> QuerySet[Boost]:
        if self.value() == "waiting":
            return queryset.filter(state=State.WAITING)
        if self.value() == "running":
            return queryset.filter(state__in=[State.RUNNING, State.PAUSED])
        return queryset.filter(refunded__gt=0) if self.value() == "refunded" else queryset


@admin.register(Boost)
class BoostAdmin(LookOnly, admin.ModelAdmin):
    """Orders are moved by verdicts, never edited."""

    list_display = ("headline", "state", "progress", "money")
    list_filter = (StandingFilter,)
    list_select_related = ("buyer",)
    search_fields = ("title", "buyer__username")
    ordering: ClassVar = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        verdict = path(
            "<int:pk>/verdict/", self.admin_site.admin_view(self.verdict), name="boost_verdict"
        )
        return [verdict, *super().get_urls()]

    @admin.display(description=_("boost"), ordering="pk")
    def headline(self, boost: Boost) -> str:
        return format_html("#{} {} · @{}", boost.pk, boost.title[:40], boost.buyer.username)

    @admin.display(description=_("delivered"), ordering="delivered")
    def progress(self, boost: Boost) -> str:
        return f"{boost.delivered:,} / {boost.impressions:,}"

    @admin.display(description=_("charged, given back, held"), ordering="total")
    def money(self, boost: Boost) -> str:
        return " · ".join(amount(sum) for sum in (boost.charged, boost.refunded, boost.total))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The order, its note as readers see it, its log, and the verdicts it may get."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        found = get_object_or_404(Boost.objects.select_related("buyer", "note"), pk=object_id)
        return self._page(request, found, VerdictForm())

    def verdict(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give one verdict; the services decide whether it may be given."""
        if not request.user.has_perm(services.REVIEW):
            raise PermissionDenied
        found = get_object_or_404(Boost, pk=pk)
        form = VerdictForm(request.POST or None)
        back = reverse("admin:boosts_boost_change", args=[pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        if not form.is_valid():
            return self._page(request, found, form, status=400)
        act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
        try:
            self._give(act, reason, found, request)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._page(request, found, form, status=refusal.status)
        self.log_change(request, found, f"{act}: {reason}")
        messages.success(request, _("Done."))
        return HttpResponseRedirect(back)

    def _give(self, act: str, reason: str, found: Boost, request: HttpRequest) -> None:
        facts: dict[str, Any] = {
            "boost_id": found.pk,
            "by": request.user,
            "now": timezone.now(),
        }
        if act == "approve":
            services.approve(**facts)
        elif act == "refuse":
            services.refuse(**facts, reason=reason)
        else:
            services.stop_by_staff(**facts, reason=reason)

    def _page(
        self, request: HttpRequest, found: Boost, form: VerdictForm, *, status: int = 200
    ) -> HttpResponse:
        found.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "title": str(found),
            "opts": self.opts,
            "boost": found,
            "note_link": self._note_link(found),
            "audience": names_of(found.wants),
            "report": report_on(found),
            "steps": [
                (step, STEPS[Reason(step.reason)]) for step in found.steps.select_related("by")
            ],
            "form": form,
            "verdicts": self._verdicts(request, found),
        }
        return TemplateResponse(request, "admin/boosts/boost.html", context, status=status)

    def _note_link(self, found: Boost) -> str:
        if found.note is None:
            return found.title
        return format_html('<a href="{}">{}</a>', found.note.get_absolute_url(), found.title)

    def _verdicts(self, request: HttpRequest, found: Boost) -> list[tuple[str, Any]]:
        """What this order may be told by this member of staff."""
        if not request.user.has_perm(services.REVIEW):
            return []
        acts = {
            State.WAITING: ("approve", "refuse"),
            State.RUNNING: ("stop",),
            State.PAUSED: ("stop",),
        }
        return [(act, VERDICTS[act][0]) for act in acts.get(State(found.state), ())]
