"""Verdicts on one note or comment from its own page in the admin, and decisions taken back.

Nothing is decided here: every verdict is a call of services.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import DomainError, Invalid
from accounts.models import User
from community.models import Comment, Note

from . import ending, services
from . import verdicts as giving
from .models import Decision

Thing = Note | Comment

MODELS: dict[str, type[Thing]] = {"note": Note, "comment": Comment}
VERDICTS: dict[tuple[str, str], Callable[..., Decision]] = {
    ("note", "hide"): services.hide_note,
    ("note", "restore"): services.restore_note,
    ("note", "undelete"): services.restore_deleted_note,
    ("note", "keep"): services.keep_note,
    ("comment", "hide"): services.hide_comment,
    ("comment", "restore"): services.restore_comment,
    ("comment", "keep"): services.keep_comment,
}
LABELS = {
    "hide": gettext_lazy("Hide"),
    "restore": gettext_lazy("Show again"),
    "undelete": gettext_lazy("Bring back what was deleted"),
    "keep": gettext_lazy("Keep as it is"),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason, told to the author"),
        max_length=services.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
    # The newest decision that was known when the page was drawn.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def may_decide(user: User) -> bool:
    return user.is_active and user.is_staff and user.has_perm(services.MAY_DECIDE)


def possible_acts(thing: Thing) -> list[str]:
    """The verdicts that make sense for how the thing stands."""
    if thing.deleted_at is not None:
        return ["undelete"] if isinstance(thing, Note) else []
    if thing.hidden_at is not None:
        return ["restore"]
    if isinstance(thing, Note) and not thing.is_published:
        return []
    return ["hide", "keep"] if thing.reports.filter(settled_at=None).exists() else ["hide"]


def buttons(thing: Thing, kind: str, user: User) -> dict[str, Any]:
    """Template context: the buttons of one thing, none for who may not decide."""
    acts = possible_acts(thing) if may_decide(user) else []
    return {
        "verdict_buttons": [
            (LABELS[act], reverse("admin:moderation_decide", args=[kind, thing.pk, act]))
            for act in acts
        ]
    }


def decide(
    request: HttpRequest, kind: str, pk: int, act: str, *, admin_site: AdminSite
) -> HttpResponse:
    """Ask for the reason (GET), then give the verdict (POST) and go back."""
    thing = _thing(kind, pk, act)
    if not may_decide(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    back = _way_back(request, kind, pk)
    status = 200
    form = ReasonForm(request.POST or None, initial={"seen": services.last_decision_id(thing)})
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, kind, act, thing, form.cleaned_data)
        except Invalid as refusal:
            form.add_error("reason", str(refusal))
            status = refusal.status
        except DomainError as refusal:
            _log_refusal(request, thing, act, refusal)
            messages.error(request, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Done: %(what)s") % {"what": thing})
            return HttpResponseRedirect(back)
    context = {
        **admin_site.each_context(request),
        "title": LABELS[act], "form": form, "thing": thing, "kind": kind, "back": back,
        "excerpt": thing.body, "who": thing.author,
        "state": services.state_of(type(thing).objects.get(pk=pk)),
    }  # fmt: skip
    return TemplateResponse(request, "admin/moderation/decide.html", context, status=status)


def decide_many(
    request: HttpRequest, kind: str, act: str, chosen: QuerySet[Any], *, admin_site: AdminSite
) -> HttpResponse | None:
    """An admin action: ask once for the reason, then decide on each by itself."""
    things = list(chosen[:200])
    if "reason" not in request.POST:
        return _ask_for_many(request, kind, act, things, ReasonForm(), admin_site)
    form = ReasonForm({"reason": request.POST["reason"], "seen": 0})
    if not form.is_valid():
        return _ask_for_many(request, kind, act, things, form, admin_site)
    done = 0
    for thing in things:
        try:
            _give(request, kind, act, thing, {"reason": form.cleaned_data["reason"], "seen": None})
            done += 1
        except DomainError as refusal:
            messages.warning(request, f"{thing}: {refusal}")
    messages.success(request, ngettext("%(n)d done.", "%(n)d done.", done) % {"n": done})
    return None


def _ask_for_many(
    request: HttpRequest,
    kind: str,
    act: str,
    things: list[Thing],
    form: ReasonForm,
    admin_site: AdminSite,
) -> TemplateResponse:
    context = {
        **admin_site.each_context(request),
        "title": LABELS[act], "form": form, "things": things, "kind": kind,
        "action": request.POST.get("action", ""),
    }  # fmt: skip
    return TemplateResponse(request, "admin/moderation/decide_many.html", context)


def _give(request: HttpRequest, kind: str, act: str, thing: Thing, given: dict[str, Any]) -> None:
    decision = VERDICTS[kind, act](
        moderator=request.user,
        reason=given["reason"],
        seen=given["seen"],
        **{f"{kind}_id": thing.pk},
    )
    _log(request, thing, f"{decision.get_act_display()}: {decision.reason}")


def _log_refusal(request: HttpRequest, thing: Thing, act: str, refusal: DomainError) -> None:
    """A verdict that came too late is on record, too."""
    _log(request, thing, f"{LABELS[act]}: {refusal}")


def _log(request: HttpRequest, thing: Thing, message: str) -> None:
    LogEntry.objects.log_actions(
        user_id=request.user.pk or 0,
        queryset=[thing],
        action_flag=CHANGE,
        change_message=message,
        single_object=True,
    )


def _thing(kind: str, pk: int, act: str) -> Thing:
    thing = MODELS[kind].objects.filter(pk=pk).first() if (kind, act) in VERDICTS else None
    if thing is None:
        raise Http404
    return thing


def _way_back(request: HttpRequest, kind: str, pk: int) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse(f"admin:community_{kind}_change", args=[pk])


def short_state(thing: Note | Comment | User) -> str:
    """One word for a list."""
    if isinstance(thing, User):
        if thing.suspended_at is not None:
            return _("Suspended")
        return _("Open") if thing.is_active else _("Closed")
    if thing.deleted_at is not None:
        return _("Deleted")
    if thing.hidden_at is not None:
        return _("Hidden")
    if isinstance(thing, Note):
        return _("Reach limited") if thing.limited_at else thing.get_state_display()
    return _("Visible")


def verdicts(thing: Thing) -> SafeString | str:
    """The decisions about a thing, newest first."""
    rows = thing.decisions.select_related("moderator").order_by("-pk")
    lines = (
        (
            row.decided_at.strftime("%Y-%m-%d %H:%M"),
            row.get_act_display(),
            row.moderator or "–",
            row.reason,
        )
        for row in rows
    )
    listed = format_html_join("", "<li>{} · {} · {} · {}</li>", lines)
    return format_html("<ul>{}</ul>", listed) if listed else "–"


# ---------------------------------------------------------------- decisions taken back
def way_back_of(decision: Decision, user: User) -> dict[str, Any]:
    """Template context: the button that takes a decision back, for who may."""
    possible = decision.holds and may_decide(user) and giving.may(user, decision.act)
    url = reverse("admin:moderation_take_back", args=[decision.pk]) if possible else ""
    return {"take_back_url": url}


def take_back(request: HttpRequest, pk: int, *, admin_site: AdminSite) -> HttpResponse:
    """Ask why (GET), then end the decision (POST)."""
    decision = Decision.objects.select_related("guideline", "author").filter(pk=pk).first()
    if decision is None:
        raise Http404
    back, status = reverse("admin:moderation_decision_change", args=[pk]), 200
    form = ReasonForm(request.POST or None, initial={"seen": 0})
    if request.method == "POST" and form.is_valid():
        try:
            ending.take_back(by=request.user, decision_id=pk, words=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except Invalid as refusal:
            form.add_error("reason", str(refusal))
            status = refusal.status
        except DomainError as refusal:
            messages.error(request, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Taken back. The author is told."))
            return HttpResponseRedirect(back)
    context = {
        **admin_site.each_context(request),
        "title": _("Take back"), "form": form, "thing": decision.thing or decision, "back": back,
        "excerpt": decision.excerpt, "state": str(decision), "who": decision.author,
    }  # fmt: skip
    return TemplateResponse(request, "admin/moderation/decide.html", context, status=status)
