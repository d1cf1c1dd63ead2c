"""Programs that a person allowed, and programs of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals
from accounts.errors import DomainError

from . import services
from .reading import allowed_by, own_programs

LONGEST_TEXT = 4_000


@require_safe
@people_only
def programs(request: PersonRequest) -> HttpResponse:
    context = {
        "allowed": allowed_by(request.user, now=timezone.now()),
        "own": own_programs(request.user),
        "here": "programs",
    }
    return render(request, "programs/programs.html", context)


@require_POST
@people_only
@shows_refusals
def end_program(request: PersonRequest, program_id: int) -> HttpResponse:
    services.end_program(person=request.user, program_id=program_id)
    messages.success(request, _("The program no longer acts for you."))
    return see_other(request, "programs")


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
def new_program(request: PersonRequest) -> HttpResponse:
    """The form; a POST registers and shows the secret, this once."""
    typed = _typed(request)
    if request.method == "POST":
        try:
            made = services.register_program(
                owner=request.user,
                name=typed["name"],
                addresses=typed["addresses"],
                keeps_secret=typed["keeps_secret"],
                now=timezone.now(),
            )
        except DomainError as refused:
            return _form(request, typed, refused)
        shown = {"program": made.program, "secret": made.secret}
        return _form(request, _of(made.program), **shown)
    return _form(request, typed)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def change_program(request: PersonRequest, program_id: int) -> HttpResponse:
    program = services.own_program(request.user, program_id)
    if request.method != "POST":
        return _form(request, _of(program), program=program)
    typed = _typed(request)
    try:
        services.change_program(
            owner=request.user,
            program_id=program_id,
            name=typed["name"],
            addresses=typed["addresses"],
        )
    except DomainError as refused:
        return _form(request, typed, refused, program=program)
    messages.success(request, _("Saved."))
    return see_other(request, "change-program", program_id)


@require_POST
@people_only
@shows_refusals
def remove_program(request: PersonRequest, program_id: int) -> HttpResponse:
    services.remove_program(owner=request.user, program_id=program_id)
    messages.success(request, _("The program is gone, with everything that people allowed it."))
    return see_other(request, "programs")


def _typed(request: PersonRequest) -> dict[str, Any]:
    sent = request.POST
    return {
        "name": sent.get("name", "")[: services.NAME_LENGTH + 1],
        "addresses": sent.get("addresses", "")[:LONGEST_TEXT],
        "keeps_secret": "keeps_secret" in sent,
    }


def _of(program: Any) -> dict[str, Any]:
    return {
        "name": program.name,
        "addresses": "\n".join(program.redirect_uris.split()),
        "keeps_secret": program.client_type == program.CLIENT_CONFIDENTIAL,
    }


def _form(
    request: PersonRequest, typed: dict[str, Any], refused: DomainError | None = None, **more: Any
) -> HttpResponse:
    context = {"typed": typed, "refusal": refused, "here": "programs"} | more
    status = refused.status if refused else 200
    return render(request, "programs/program.html", context, status=status)
