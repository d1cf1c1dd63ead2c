"""Channels: the two-level shelf that every note stands on."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ChannelQuerySet(models.QuerySet["Channel"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def top_level(self) -> Self:
        return self.filter(parent=None)


class Channel(models.Model):
    """A subject, such as Food, or a part of one, such as Food › Coffee."""

    slug = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=40)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Closed channels keep their notes but take no new ones and leave the channel bar.
    is_open = models.BooleanField(_("open"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channel", args=[self.slug])

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def root_id(self) -> int:
        """Id of the first-level channel this one belongs to."""
        return self.parent_id or self.pk

    def clean(self) -> None:
        if self.parent_id and (self.parent.parent_id or self.parent_id == self.pk):  # type: ignore[union-attr]
            raise ValidationError(_("Channels have two levels: choose a first-level parent."))
