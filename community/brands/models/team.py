"""Who speaks for a brand, and who was asked to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.brands import rules

from .brand import Brand


class Role(models.TextChoices):
    OWNER = rules.Role.OWNER.value, _("Owner")
    MANAGER = rules.Role.MANAGER.value, _("Manager")
    EDITOR = rules.Role.EDITOR.value, _("Editor")


class Member(models.Model):
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brand_memberships"
    )
    role = models.CharField(max_length=8, choices=Role)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("member of a brand")
        verbose_name_plural = _("members of brands")
        ordering: ClassVar = ["joined_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "person"], name="on_a_team_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.brand_id}"


class Invitation(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brand_invitations"
    )
    role = models.CharField(max_length=8, choices=Role)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "person"], condition=Q(state="open"), name="invited_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.brand_id}: {self.state}"
