"""Register a program, change it, take it away, and end what somebody allowed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from accounts.api.reading import UNSEEN
from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import User

from . import redirects

PROGRAMS_AT_MOST = 20
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Registered:
    """`secret` is told once and kept as a hash; empty for a program that can keep none."""

    program: Application
    secret: str


def register_program(
    *, owner: User, name: str, addresses: str, keeps_secret: bool, now: datetime
) -> Registered:
    """A new program of this person. Raises Invalid, Conflict."""
    name, named = _checked_name(name), _checked_addresses(addresses)
    secret = secrets.token_urlsafe(36) if keeps_secret else ""
    kind = Application.CLIENT_CONFIDENTIAL if keeps_secret else Application.CLIENT_PUBLIC
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if Application.objects.filter(user=owner).count() >= PROGRAMS_AT_MOST:
            raise Conflict(_("You have as many programs as one person can have."))
        program = Application.objects.create(
            user=owner,
            name=name,
            redirect_uris=named,
            client_type=kind,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            client_secret=secret,
            created=now,
        )
    return Registered(program, secret)


def change_program(*, owner: User, program_id: int, name: str, addresses: str) -> Application:
    """Name and addresses. Whoever is sent to an address that went is not sent. Raises Invalid,
    NotFound."""
    program = own_program(owner, program_id)
    program.name, program.redirect_uris = _checked_name(name), _checked_addresses(addresses)
    program.save(update_fields=["name", "redirect_uris", "updated"])
    return program


def remove_program(*, owner: User, program_id: int) -> None:
    """With everything that people allowed it. Raises NotFound."""
    with transaction.atomic():
        own_program(owner, program_id).delete()


def own_program(owner: User, program_id: int) -> Application:
    program = Application.objects.filter(user=owner, pk=program_id).first()
    if program is None:
        raise NotFound
    return program


def end_program(*, person: User, program_id: int) -> None:
    """Nothing that this person allowed the program opens anything any more. Raises NotFound."""
    if not _end(person, application=program_id):
        raise NotFound


def end_programs(*, person: User) -> int:
    """The same for all of them; how many acted for the person."""
    programs = {
        program
        for rows in (RefreshToken.objects, AccessToken.objects)
        for program in rows.filter(user=person).values_list("application", flat=True)
    }
    _end(person)
    return len(programs)


def _end(person: User, **which: int) -> int:
    with transaction.atomic():
        return sum(
            rows.filter(user=person, **which).delete()[0]
            for rows in (Grant.objects, RefreshToken.objects, AccessToken.objects)
        )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or UNSEEN.search(name):
        raise Invalid(
            _("Give the program a name of one line, at most %(most)d letters.")
            % {"most": NAME_LENGTH},
            field="name",
        )
    return name


def _checked_addresses(text: str) -> str:
    """Addresses between blanks or lines, as the toolkit keeps them."""
    named = list(dict.fromkeys(text.split()))
    if not named or len(named) > redirects.ADDRESSES_AT_MOST:
        raise Invalid(_("Name one to ten addresses to return to."), field="addresses")
    for address in named:
        if not redirects.is_redirect(address):
            raise Invalid(
                _(
                    "People cannot be sent back to %(address)s: use https://, http://127.0.0.1 or"
                    " a scheme of your own such as org.example.app:/done."
                )
                % {"address": address[:100]},
                field="addresses",
            )
    return " ".join(named)
