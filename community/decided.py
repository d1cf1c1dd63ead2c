"""Admin pages of rows that staff decide about: acts with a reason, each done by a service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError

from .look_only import LookOnly


class ReasonForm(forms.Form):
    act = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Words to the team"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Decided(LookOnly, admin.ModelAdmin):
    """Rows that are moved by acts with a reason, never edited."""

    template = ""
    permission = ""
    # What is typed beside the act: further fields go to `do` by their names.
    form_class = ReasonForm

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.model_name}_act"
        act = path("<int:pk>/act/", self.admin_site.admin_view(self.act), name=name)
        return [act, *super().get_urls()]

    def acts(self, row: Any) -> list[tuple[str, Any]]:
        """(act, label) of what may be done to the row now, the usual one first."""
        raise NotImplementedError

    def do(self, act: str, row: Any, **facts: Any) -> None:
        raise NotImplementedError

    def about(self, row: Any) -> dict[str, Any]:
        """What the page shows besides the row."""
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return self._page(request, get_object_or_404(self.model, pk=object_id), self.form_class())

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do one of the acts; the services decide whether it may be done."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        row, form = get_object_or_404(self.model, pk=pk), self.form_class(request.POST or None)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        back = reverse(name, args=[pk])
        if request.method != "POST" or not form.is_valid():
            return HttpResponseRedirect(back)
        typed = dict(form.cleaned_data)
        act, reason = typed.pop("act"), typed["reason"]
        try:
            self.do(act, row, by=request.user, now=timezone.now(), **typed)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._page(request, row, form, status=refusal.status)
        self.log_change(request, row, f"{act}: {reason}")
        messages.success(request, _("Done."))
        return HttpResponseRedirect(back)

    def _page(
        self, request: HttpRequest, row: Any, form: ReasonForm, *, status: int = 200
    ) -> HttpResponse:
        row.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "opts": self.opts,
            "row": row,
            "form": form,
            "acts": self.acts(row) if request.user.has_perm(self.permission) else [],
            "act_url": reverse(f"admin:{self.opts.model_name}_act", args=[row.pk]),
            **self.about(row),
        }
        return TemplateResponse(request, self.template, context, status=status)
