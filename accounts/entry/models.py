"""How one joins this community, invitations, who waits for an answer, and networks kept out."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from .rules import domains_in

# Nothing that one mistakes for another when it is read aloud.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    return get_random_string(10, LETTERS)


class EntryRules(models.Model):
    """The one row that says how people join."""

    class Mode(models.TextChoices):
        OPEN = "open", _("Everybody may join")
        APPROVAL = "approval", _("Staff looks at everybody who would like to join")
        INVITATION = "invitation", _("By invitation only")
        CLOSED = "closed", _("Nobody new at the moment")

    mode = models.CharField(_("who may join"), max_length=10, choices=Mode, default=Mode.OPEN)
    allowed_domains = models.TextField(
        _("only addresses of"), blank=True, max_length=5_000,
        help_text=_("Domains, one a line, each with all below it. Empty: of all."),
    )  # fmt: skip
    blocked_domains = models.TextField(
        _("no addresses of"), blank=True, max_length=50_000,
        help_text=_("Domains, one a line, each with all below it."),
    )  # fmt: skip
    challenged = models.BooleanField(
        _("ask browsers for a proof of work"), default=False,
        help_text=_("Half a second for one person, dear for a robot. Who has no JavaScript confirms"
                    " their address first."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rules of joining")
        verbose_name_plural = _("rules of joining")

    def __str__(self) -> str:
        return str(self.get_mode_display())

    @classmethod
    def current(cls) -> EntryRules:
        return cls.objects.first() or cls()

    @property
    def allowed(self) -> tuple[str, ...]:
        return domains_in(self.allowed_domains)

    @property
    def blocked(self) -> tuple[str, ...]:
        return domains_in(self.blocked_domains)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def good(self, now: datetime) -> Self:
        """Those that still let somebody in."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(unexpired, used__lt=F("uses"))


class Invitation(models.Model):
    """A code that lets a few people in, for a while."""

    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code)
    about = models.CharField(_("for whom"), max_length=100, blank=True)
    uses = models.PositiveIntegerField(_("how many people"), default=1)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False,
        related_name="+", verbose_name=_("made by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="invited_no_more")
        ]

    def __str__(self) -> str:
        return self.code


class Newcomer(models.Model):
    """Somebody whose account is not open yet, or how it came to be."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Has to confirm the address")
        WAITING = "waiting", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="newcomer",
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    words = models.CharField(_("what they say"), max_length=500, blank=True)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, related_name="guests"
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("newcomer")
        verbose_name_plural = _("newcomers")

    def __str__(self) -> str:
        return self.person.get_username()


def check_network(value: str) -> None:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValidationError(_("Write an address or a network, like 203.0.113.0/24.")) from None
    if network.prefixlen < (8 if network.version == 4 else 16):
        raise ValidationError(_("That is a part of the world, not a network."))


class NetworkBlock(models.Model):
    """A network from which nobody joins, or from which nothing is asked, for a while."""

    class Scope(models.TextChoices):
        JOINING = "joining", _("Nobody joins from there")
        ALL = "all", _("Nothing is answered from there")

    network = models.CharField(_("network"), max_length=50, validators=[check_network])
    scope = models.CharField(
        _("what is kept out"), max_length=8, choices=Scope, default=Scope.JOINING
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    until = models.DateTimeField(
        _("until"), help_text=_("Networks change hands: no block is forever.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False,
        related_name="+", verbose_name=_("made by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("blocked network")
        verbose_name_plural = _("blocked networks")

    def __str__(self) -> str:
        return self.network

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Networks are kept in their usual form."""
        self.network = str(ipaddress.ip_network(self.network, strict=False))
        super().save(*args, **kwargs)
