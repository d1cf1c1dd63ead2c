"""The page on which a person decides who sees them and who reaches them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .asking import PersonRequest, people_only, see_other, shows_refusals
from .errors import DomainError
from .models import Profile
from .privacy import CHOICES, SWITCHES, change_privacy


class PrivacyForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = (*CHOICES, *sorted(SWITCHES))
        widgets: ClassVar = dict.fromkeys(CHOICES, forms.RadioSelect)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def privacy(request: PersonRequest) -> HttpResponse:
    profile = request.user.profile
    if request.method != "POST":
        return _page(request, PrivacyForm(instance=profile))
    form = PrivacyForm(request.POST, instance=Profile(person=request.user))
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        change_privacy(person=request.user, **form.cleaned_data)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=refused.status)
    messages.success(request, _("Saved."))
    return see_other(request, "privacy")


def _page(request: PersonRequest, form: Any, status: int = 200) -> HttpResponse:
    context = {"form": form, "here": "privacy"}
    return render(request, "accounts/privacy.html", context, status=status)
