"""Cases at the desk: take one in hand, give the verdict, give it back. Many at once for seniors.

With scripts one key opens a verdict and another confirms it; without them the same buttons lead to
the same form on a page of its own. Nothing is decided here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import DomainError, Invalid
from accounts.models import User
from community.models import Note

from . import cases, deciding, rules
from .models import Case, Guideline
from .queue import ShownCase, shown_cases
from .verdicts import MAY_DECIDE, WORDS_LENGTH, Verdict, may

IN_BULK = "moderation.decide_in_bulk"
# Cases decided with one verdict.
MOST_AT_ONCE = 50
# One key opens the verdict.
KEYS = {
    "keep": "n", "label": "l", "limit": "m", "hide": "h", "remove": "r", "warn": "w",
    "suspend": "s", "ban": "b",
}  # fmt: skip
LABELS = {
    "keep": gettext_lazy("No action"),
    "label": gettext_lazy("Label"),
    "limit": gettext_lazy("Limit reach"),
    "hide": gettext_lazy("Hide"),
    "remove": gettext_lazy("Remove"),
    "warn": gettext_lazy("Warn"),
    "suspend": gettext_lazy("Suspend"),
    "ban": gettext_lazy("Ban"),
}
HAS_TERM = ("label", "limit", "hide", "remove", "suspend")


class VerdictForm(forms.Form):
    act = forms.ChoiceField(
        choices=[(act, act) for act in rules.ACTS["note"]], widget=forms.HiddenInput
    )
    guideline = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Words to the author"),
        help_text=gettext_lazy("Empty: the words of the rule, in the author's language."),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        help_text=gettext_lazy("Empty: until it is taken back."),
        min_value=1,
        max_value=rules.LONGEST_DAYS,
        required=False,
    )
    label = forms.ChoiceField(
        label=gettext_lazy("Label"), choices=Note.Label.choices[1:], required=False
    )

    def __init__(self, *args: Any, act: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guideline"].choices = [  # type: ignore[attr-defined]
            (row.code, row.name) for row in Guideline.objects.filter(is_active=True)
        ]
        for name, wanted in (
            ("label", act == "label"), ("days", act in HAS_TERM), ("guideline", act != "keep"),
        ):  # fmt: skip
            if not wanted:
                del self.fields[name]

    def verdict(self) -> Verdict:
        said = self.cleaned_data
        return Verdict(
            act=said["act"],
            guideline=said.get("guideline", ""),
            words=said["reason"],
            days=said.get("days"),
            label=said.get("label", ""),
        )


def verdicts_for(shown: ShownCase, user: User) -> list[dict[str, Any]]:
    """The buttons of a case: act, label, key; none for who may not decide."""
    if shown.case.state != Case.State.OPEN or not user.has_perm(MAY_DECIDE):
        return []
    return [
        {"act": act, "label": LABELS[act], "key": KEYS[act]} for act in shown.acts if may(user, act)
    ]


def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a case in hand (POST) and go on to the verdict's form."""
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in KEYS:
        return HttpResponseRedirect(_queue())
    try:
        cases.take(by=_staff(request), case_id=pk, now=timezone.now())
    except DomainError as refusal:
        if request.POST.get("part"):
            context = {"refusal": refusal}
            return TemplateResponse(
                request, "admin/moderation/_refused.html", context, status=refusal.status
            )
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_queue())
    part = "&part=1" if request.POST.get("part") else ""
    return HttpResponseRedirect(f"{_address(pk)}?act={act}{part}")


def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        cases.let_go(by=_staff(request), case_id=pk, now=timezone.now())
    return HttpResponseRedirect(_queue())


def case_page(request: HttpRequest, pk: int, *, admin_site: AdminSite) -> HttpResponse:
    """A case with all that is known of it; with ?act= the form of a verdict."""
    shown = _shown(pk)
    act = request.GET.get("act", "")
    possible = [row["act"] for row in verdicts_for(shown, _staff(request))]
    form = VerdictForm(initial=_usual(shown, act), act=act) if act in possible else None
    if request.GET.get("part"):
        if form is None:
            raise Http404
        context = _verdict_context(shown, form, act)
        return TemplateResponse(request, "admin/moderation/_verdict.html", context)
    return _page(request, shown, form, act, admin_site=admin_site)


def decide(request: HttpRequest, pk: int, *, admin_site: AdminSite) -> HttpResponse:
    """Give the verdict (POST); 409 with the state where somebody was faster."""
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in KEYS:
        return HttpResponseRedirect(_address(pk))
    shown, form, status = _shown(pk), VerdictForm(request.POST, act=act), 400
    if form.is_valid():
        try:
            deciding.decide_case(
                by=_staff(request),
                case_id=pk,
                verdict=form.verdict(),
                things=_ids(request, "things") if "asked" in request.POST else None,
                also=_ids(request, "also"),
            )
        except Invalid as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Decided: %(act)s.") % {"act": LABELS[act]})
            return HttpResponseRedirect(_queue())
    return _page(request, _shown(shown.case.pk), form, act, status=status, admin_site=admin_site)


def decide_many(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """One verdict on the chosen cases, each by itself: those that somebody else has are told."""
    staff, act = _staff(request), request.POST.get("act", "")
    if not staff.has_perm(IN_BULK):
        raise PermissionDenied
    chosen = _ids(request, "case")[:MOST_AT_ONCE]
    if request.method != "POST" or act not in KEYS or not chosen:
        if request.method == "POST":
            messages.warning(request, _("Choose cases and what to do with them."))
        return HttpResponseRedirect(_queue())
    shown = shown_cases(list(Case.objects.waiting().filter(pk__in=chosen)), now=timezone.now())
    asked = VerdictForm(request.POST, act=act) if "confirmed" in request.POST else None
    if asked is None or not asked.is_valid():
        form = asked or VerdictForm(initial=_usual(shown[0], act) if shown else {}, act=act)
        context = {
            **admin_site.each_context(request), "title": LABELS[act], "form": form, "act": act,
            "cases": shown, "opts": Case._meta,
        }  # fmt: skip
        return TemplateResponse(request, "admin/moderation/bulk.html", context)
    done = sum(_decide_one(request, staff, row.case.pk, asked.verdict()) for row in shown)
    messages.success(request, ngettext("%(n)d done.", "%(n)d done.", done) % {"n": done})
    return HttpResponseRedirect(_queue())


def _decide_one(request: HttpRequest, staff: User, pk: int, verdict: Verdict) -> bool:
    try:
        deciding.decide_case(by=staff, case_id=pk, verdict=verdict)
    except DomainError as refusal:
        messages.warning(request, f"{_('Case')} {pk}: {refusal}")
        return False
    return True


# ---------------------------------------------------------------- parts
def _page(
    request: HttpRequest,
    shown: ShownCase,
    form: VerdictForm | None,
    act: str,
    *,
    admin_site: AdminSite,
    status: int = 200,
) -> HttpResponse:
    opened = shown.case.state == Case.State.OPEN
    context = {
        **admin_site.each_context(request),
        **_verdict_context(shown, form if opened else None, act),
        "title": _("Case %(number)d") % {"number": shown.case.pk},
        "opts": Case._meta,
        "verdicts": verdicts_for(shown, _staff(request)),
        "holder": _holder(shown.case),
        "decisions": shown.case.decisions.select_related("moderator", "guideline", "appeal"),
        "state": "" if opened else cases.state_of_case(shown.case),
    }
    return TemplateResponse(request, "admin/moderation/case.html", context, status=status)


def _verdict_context(shown: ShownCase, form: VerdictForm | None, act: str) -> dict[str, Any]:
    return {
        "shown": shown,
        "case": shown.case,
        "form": form,
        "act": act,
        "act_label": LABELS.get(act, ""),
        "key": KEYS.get(act, ""),
        "takes_alike": act in ("label", "limit", "hide", "remove"),
    }


def _usual(shown: ShownCase, act: str) -> dict[str, Any]:
    """What the form proposes: confirmed as it is, it is a whole verdict."""
    suggested = [row for row in shown.authors if row[2] == act]
    return {
        "act": act,
        "guideline": shown.suggested_rule,
        "days": suggested[0][3] if suggested else rules.USUAL_DAYS.get(act),
        "label": "disputed" if shown.top_reason == "false" else "sensitive",
    }


def _holder(case: Case) -> User | None:
    """Who has it in hand now, if anybody."""
    held = case.leased_until is not None and case.leased_until > timezone.now()
    return case.leased_by if held else None


def _shown(pk: int) -> ShownCase:
    case = Case.objects.select_related("leased_by").filter(pk=pk).first()
    if case is None:
        raise Http404
    return shown_cases([case], now=timezone.now())[0]


def _ids(request: HttpRequest, name: str) -> list[int]:
    raw = request.POST.getlist(name)
    return [
        int(value) for value in raw if value.isascii() and value.isdecimal() and len(value) < 19
    ]


def _staff(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _queue() -> str:
    return reverse("admin:moderation_case_changelist")


def _address(pk: int) -> str:
    return reverse("admin:moderation_case_change", args=[pk])
