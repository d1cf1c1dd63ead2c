"""The team as its members see it: who is on it, who is asked, and what one may do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError
from community.brands import rules, team
from community.brands.access import team_member
from community.brands.forms import InviteForm
from community.brands.models import Invitation, Member
from community.brands.models.team import Role
from community.errors import shows_refusals

from .shared import put_beside, team_page


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def brand_team(request: PersonRequest, brand_slug: str) -> HttpResponse:
    """The list; POST asks somebody onto the team."""
    member = team_member(request.user, brand_slug)
    roles = [role for role in Role.values if rules.may_give(member.role, role)]
    form = InviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if form.is_valid():
        try:
            team.invite(
                actor=request.user, slug=brand_slug, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("Invited."))
            return see_other(request, "brand-team", brand_slug)
        except DomainError as refusal:
            put_beside(form, refusal)
    open_ones = member.brand.invitations.filter(state=Invitation.State.OPEN)
    context: dict[str, Any] = {
        "form": form if roles else None,
        "rows": _rows(member),
        "invitations": open_ones.select_related("person__profile"),
        "roles": Role.choices,
        "here": "team",
    }
    status = 400 if form.is_bound else 200
    return team_page(request, brand_slug, "team", member=member, status=status, **context)


def _rows(own: Member) -> list[dict[str, Any]]:
    """Each member with what the viewer may do to them; what they may do to themselves is leave."""
    return [
        {
            "row": row,
            "is_me": row.pk == own.pk,
            "may_change": row.pk != own.pk and rules.may(own.role, rules.Right.TEAM),
            "may_remove": row.pk != own.pk and rules.may_remove(own.role, row.role),
        }
        for row in own.brand.members.select_related("person__profile")
    ]


def _acting(act: Callable[..., Any], *fields: str) -> Callable[..., HttpResponse]:
    """A button on the team's page; `fields` are sent with it."""

    @require_POST
    @people_only
    @shows_refusals
    def view(request: PersonRequest, brand_slug: str, username: str) -> HttpResponse:
        sent = {name: request.POST.get(name, "") for name in fields}
        act(actor=request.user, slug=brand_slug, username=username, now=timezone.now(), **sent)
        return see_other(request, "brand-team", brand_slug)

    return view


change_role = _acting(team.change_role, "role")
remove_member = _acting(team.remove_member)
withdraw_invitation = _acting(team.withdraw_invitation)


@require_POST
@people_only
@shows_refusals
def leave_brand(request: PersonRequest, brand_slug: str) -> HttpResponse:
    team.leave(person=request.user, slug=brand_slug, now=timezone.now())
    messages.success(request, _("You left the team."))
    return see_other(request, "my-brands")
