"""The queue of second looks: what passed a gate and waits for a moderator before it rises."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from community.look_only import LookOnly

from . import second_look
from .experiments.assignment import pool_policy
from .models import PoolEntry, SecondLook


class DecisionForm(forms.Form):
    act = forms.ChoiceField(choices=[("rise", ""), ("stay", "")], widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("Why it stays, told to the author"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WaitingFirst(admin.SimpleListFilter):
    """What waits is what one comes for; the rest is a choice away."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("decided", gettext_lazy("decided")), ("all", gettext_lazy("all"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[SecondLook]
    ) -> QuerySet[SecondLook]:
        if self.value() == "decided":
            return queryset.exclude(state=SecondLook.State.WAITING)
        return queryset if self.value() == "all" else queryset.filter(state="waiting")

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": gettext_lazy("waiting")}
        yield from others


@admin.register(SecondLook)
class SecondLookAdmin(LookOnly, admin.ModelAdmin):
    """Looks are decided on their page, never edited."""

    list_display = ("note", "tier", "state", "asked_at", "until", "decided_by")
    list_filter = (WaitingFirst,)
    list_select_related = ("note", "decided_by")
    search_fields = ("note__title", "note__author__username")
    ordering: ClassVar = ["until", "pk"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", decide, name="feeds_second_look"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The note as readers see it, the figures of its gate, and the two ways on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return self._page(request, self._found(object_id), DecisionForm())

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(second_look.DECIDE):
            raise PermissionDenied
        form, look = DecisionForm(request.POST or None), self._found(pk)
        if request.method != "POST" or not form.is_valid():
            return HttpResponseRedirect(reverse("admin:feeds_secondlook_change", args=[pk]))
        rises, words = form.cleaned_data["act"] == "rise", form.cleaned_data["words"]
        try:
            second_look.decide(
                look_id=pk,
                by=request.user,  # type: ignore[arg-type]
                rises=rises,
                words=words,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._page(request, self._found(pk), form, status=refusal.status)
        self.log_change(request, look, f"{form.cleaned_data['act']}: {words}")
        messages.success(request, _("Done."))
        return HttpResponseRedirect(reverse("admin:feeds_secondlook_changelist"))

    def _found(self, pk: Any) -> SecondLook:
        looks = SecondLook.objects.select_related("note__author", "decided_by")
        return get_object_or_404(looks, pk=pk)

    def _page(
        self, request: HttpRequest, look: SecondLook, form: DecisionForm, *, status: int = 200
    ) -> HttpResponse:
        entry = PoolEntry.objects.filter(pk=look.note_id).first()
        rules = pool_policy(entry.trial if entry else "").pools
        above = look.tier + 1
        waits = look.state == SecondLook.State.WAITING
        context = {
            **self.admin_site.each_context(request),
            "title": _("Second look"),
            "opts": self.opts,
            "look": look,
            "here": rules.ladder[min(look.tier, len(rules.ladder) - 1)].name,
            "above": rules.ladder[above].name if above < len(rules.ladder) else _("Hot"),
            "per_hundred": {name: 100 * value for name, value in look.figures.items()},
            "rises_alone": rules.second_look_late == "rises",
            "form": form,
            "may_decide": waits and request.user.has_perm(second_look.DECIDE),
        }
        return TemplateResponse(request, "admin/feeds/second_look.html", context, status=status)
