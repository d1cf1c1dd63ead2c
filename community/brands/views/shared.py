"""What the pages of a team share: who they are here, and refusals told beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from accounts.asking import PersonRequest
from accounts.errors import Conflict, DomainError, Invalid
from community.brands.access import team_member
from community.brands.models import Member
from community.brands.rules import Right, may


def put_beside(form: forms.Form, refusal: DomainError) -> None:
    """The refusal's sentence beside the field it names; others go on to the page of refusals."""
    if not isinstance(refusal, (Invalid, Conflict)):
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def team_page(
    request: PersonRequest, slug: str, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the team's desk, for who is on the team. Raises NotFound."""
    member: Member = context.pop("member", None) or team_member(request.user, slug)
    shared = {
        "brand": member.brand,
        "member": member,
        "can": {right.value: may(member.role, right) for right in Right},
        "tab": "me",
    }
    return render(request, f"brands/{template}.html", shared | context, status=status)
