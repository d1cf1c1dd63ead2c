"""Bars of channels, and by which standard notes were last judged."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChannelBar(models.Model):
    """The quality from which notes of a channel, and of its parts without a bar of their own, are
    recommended beyond their authors' followers. Channels without one take the policy's."""

    channel = models.OneToOneField(
        "community.Channel",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("channel"),
    )
    bar = models.FloatField(
        _("quality bar"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From 0 (every note is recommended) to 1 (none is)."),
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("set by"),
    )
    set_at = models.DateTimeField(_("set at"), editable=False)

    class Meta:
        verbose_name = _("quality bar of a channel")
        verbose_name_plural = _("quality bars of channels")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bar__gte=0, bar__lte=1), name="bar_from_0_to_1")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.bar:.2f}"


class Standard(models.Model):
    """One row: the community-wide standard that every note has been judged by, or is about to be.
    Weights may change under a note by learning, the bar by a new policy."""

    # Number of the learnt weights; 0: the built-in ones.
    weights = models.PositiveIntegerField()
    bar = models.FloatField()
    least_originality = models.FloatField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"weights {self.weights}, bar {self.bar:.2f}"
