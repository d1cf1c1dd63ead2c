"""An appeal at the desk: what was decided, the author's answer, and a second pair of eyes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError, Invalid

from . import appeals
from .models import Appeal, Strike
from .verdicts import WORDS_LENGTH


class ReviewForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Answer to the author"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def appeal_page(request: HttpRequest, pk: int, *, admin_site: AdminSite) -> HttpResponse:
    """The appeal (GET), and the review (POST with `overturn` or `uphold`)."""
    form, status = ReviewForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            overturn = "overturn" in request.POST
            try:
                appeals.review(
                    by=request.user,  # type: ignore[arg-type]
                    appeal_id=pk,
                    overturn=overturn,
                    words=form.cleaned_data["words"],
                )
            except Invalid as refusal:
                form.add_error("words", str(refusal))
            except DomainError as refusal:
                messages.error(request, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The author is told."))
                return HttpResponseRedirect(reverse("admin:moderation_appeal_changelist"))
    return _page(request, pk, form, status, admin_site)


def _page(
    request: HttpRequest, pk: int, form: ReviewForm, status: int, admin_site: AdminSite
) -> HttpResponse:
    rows = Appeal.objects.select_related(
        "decision__guideline", "decision__moderator", "decision__author__profile",
        "decision__note", "decision__comment__note", "decision__person__profile", "reviewer",
    )  # fmt: skip
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        **admin_site.each_context(request),
        "title": _("Appeal"),
        "opts": Appeal._meta,
        "appeal": found,
        "decision": found.decision,
        "images": _images(found),
        "form": form,
        "opened": found.state == Appeal.State.OPEN,
        "may_review": request.user.has_perm(appeals.MAY_REVIEW),
        "is_own": request.user.pk in (found.decision.moderator_id, found.decision.author_id),
        "strikes": Strike.objects.counting(timezone.now())
        .filter(person=found.decision.author_id)
        .select_related("decision__guideline"),
    }
    return TemplateResponse(request, "admin/moderation/appeal.html", context, status=status)


def _images(found: Appeal) -> list[Any]:
    note = found.decision.note
    return list(note.images.all()) if note is not None else []
