"""The page of the family: a teen's code and rules, and the teens whom somebody looks after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals
from accounts.errors import Invalid
from accounts.models import Profile

from . import services
from .models import Guardianship, Pairing


class RulesForm(forms.Form):
    """What a guardian says: the hours of the day, and who sees the teen."""

    opens = forms.TimeField(label=gettext_lazy("Open from"))
    closes = forms.TimeField(label=gettext_lazy("Until"))
    seen_by = forms.ChoiceField(
        label=gettext_lazy("Who may see them"), choices=Profile.SeenBy.choices
    )
    may_mention = forms.ChoiceField(
        label=gettext_lazy("Who may mention them"), choices=Profile.From.choices
    )
    may_comment = forms.ChoiceField(
        label=gettext_lazy("Who may comment on their notes"), choices=Profile.From.choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens", "closes"):
            self.fields[name].widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@require_safe
@people_only
def family(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    ward = Guardianship.objects.filter(teen=request.user).select_related("guardian__profile")
    teens = Guardianship.objects.filter(guardian=request.user).select_related("teen__profile")
    context = {
        "ward": ward.first(),
        "pairing": Pairing.objects.filter(teen=request.user, expires_at__gt=now).first(),
        "teens": [(row, _form_of(row)) for row in teens.order_by("since")],
        "here": "safety",
    }
    return render(request, "guardians/family.html", context)


def _form_of(row: Guardianship) -> RulesForm:
    profile = row.teen.profile
    return RulesForm(
        auto_id=f"id_{row.teen_id}_%s",
        initial={
            "opens": row.opens, "closes": row.closes, "seen_by": profile.seen_by,
            "may_mention": profile.may_mention, "may_comment": profile.may_comment,
        },
    )  # fmt: skip


@require_POST
@people_only
@shows_refusals
def make_code(request: PersonRequest) -> HttpResponse:
    services.make_code(teen=request.user, now=timezone.now())
    return see_other(request, "family")


@require_POST
@people_only
@shows_refusals
def accept(request: PersonRequest) -> HttpResponse:
    code = request.POST.get("code", "")[:40]
    row = services.accept(guardian=request.user, code=code, now=timezone.now())
    said = _("You look after %(name)s now. They were told.") % {"name": row.teen.profile.name}
    messages.success(request, said)
    return see_other(request, "family")


@require_POST
@people_only
@shows_refusals
def set_rules(request: PersonRequest, teen_id: int) -> HttpResponse:
    form = RulesForm(request.POST)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Invalid(f"{form.fields[field].label}: {errors[0]}", field=field)
    services.set_rules(
        guardian=request.user, teen_id=teen_id, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("Saved."))
    return see_other(request, "family")


@require_POST
@people_only
@shows_refusals
def end(request: PersonRequest, teen_id: int) -> HttpResponse:
    services.end(by=request.user, teen_id=teen_id, now=timezone.now())
    messages.success(request, _("Teen mode has ended. Both of you were told."))
    return see_other(request, "family")
