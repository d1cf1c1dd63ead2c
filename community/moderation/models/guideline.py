"""The rules of this community, as operators write them."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Guideline(models.Model):
    """A rule that decisions rest on. One that was used is put out of use, never deleted."""

    # The same code as a reason of reports: those reports weigh as this rule does.
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    # Told to the author where the moderator writes nothing else.
    text_en = models.CharField(_("text in English"), max_length=500)
    text_zh = models.CharField(_("text in Chinese"), max_length=500)
    severity = models.PositiveSmallIntegerField(
        _("severity"),
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("From 1 (a nuisance) to 5 (somebody is in danger). Each step weighs double."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("rule of the community")
        verbose_name_plural = _("rules of the community")
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(severity__gte=1, severity__lte=5), name="severity_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def text(self) -> str:
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en
