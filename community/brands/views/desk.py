"""One's own brands, opening one, and its page as the team edits it."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, Invalid
from accounts.limits import count_upload
from community.brands import pictures, services, team
from community.brands.access import team_member
from community.brands.forms import BrandForm, OpenForm
from community.brands.models import Invitation, Member
from community.errors import shows_refusals

from .shared import put_beside, team_page


@require_safe
@people_only
def my_brands(request: PersonRequest) -> HttpResponse:
    """Brands on whose team one is, and teams that ask."""
    rows = Member.objects.filter(person=request.user).select_related("brand")
    asked = Invitation.objects.filter(person=request.user, state=Invitation.State.OPEN)
    context = {
        "memberships": rows.order_by("brand__name"),
        "invitations": asked.select_related("brand", "invited_by"),
        "here": "brands",
        "tab": "me",
    }
    return render(request, "brands/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def open_brand(request: PersonRequest) -> HttpResponse:
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            brand = services.open_brand(
                owner=request.user,
                slug=form.cleaned_data["slug"],
                page=form.page,
                now=timezone.now(),
            )
            messages.success(request, _("The brand is open. Add what it offers."))
            return see_other(request, "brand-desk", brand.slug)
        except DomainError as refusal:
            put_beside(form, refusal)
    status = 400 if form.is_bound else 200
    return render(request, "brands/open.html", {"form": form, "tab": "me"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def brand_desk(request: PersonRequest, brand_slug: str) -> HttpResponse:
    """The brand's page as its team edits it, with its log."""
    member = team_member(request.user, brand_slug)
    form = BrandForm(request.POST) if request.method == "POST" else BrandForm.of(member.brand)
    if form.is_valid():
        try:
            services.edit_brand(
                actor=request.user, slug=brand_slug, page=form.page, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return see_other(request, "brand-desk", brand_slug)
        except DomainError as refusal:
            put_beside(form, refusal)
    context = {
        "form": form,
        "logo": member.brand.pictures.filter(product=None).first(),
        "log": member.brand.log.select_related("actor")[:30],
        "here": "page",
    }
    status = 400 if form.is_bound else 200
    return team_page(request, brand_slug, "desk", member=member, status=status, **context)


@require_POST
@people_only
@shows_refusals
def set_logo(request: PersonRequest, brand_slug: str) -> HttpResponse:
    file = request.FILES.get("picture")
    if file is None:
        raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
    count_upload(request.user.pk)
    pictures.set_logo(
        actor=request.user,
        slug=brand_slug,
        upload=cast(BinaryIO, file),
        name=file.name or "",
        now=timezone.now(),
    )
    return see_other(request, "brand-desk", brand_slug)


@require_POST
@people_only
@shows_refusals
def answer_invitation(request: PersonRequest, invitation_id: int) -> HttpResponse:
    """Accept or decline, as the pressed button says."""
    if request.POST.get("answer") == "accept":
        member = team.accept(person=request.user, invitation_id=invitation_id, now=timezone.now())
        messages.success(request, _("Welcome to the team."))
        return see_other(request, "brand-desk", member.brand.slug)
    team.decline(person=request.user, invitation_id=invitation_id, now=timezone.now())
    return see_other(request, "my-brands")
