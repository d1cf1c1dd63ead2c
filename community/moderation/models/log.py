"""Everything staff did, line by line. Lines are added and never touched again."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.QuerySet["LogLine"]):
    def update(self, **_values: Any) -> NoReturn:
        raise TypeError("lines of the log are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("lines of the log are never deleted")


class LogLine(models.Model):
    class Act(models.TextChoices):
        TAKEN = "taken", _("took in hand")
        LET_GO = "let_go", _("let go")
        DECIDED = "decided", _("decided")
        REFUSED = "refused", _("was refused")
        ENDED = "ended", _("ended by itself")
        APPEALED = "appealed", _("appealed")
        REVIEWED = "reviewed", _("reviewed an appeal")

    at = models.DateTimeField(_("time"))
    # Nobody: the clock, or a rule.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    act = models.CharField(_("act"), max_length=8, choices=Act)
    # "case 3", "note 7", "appeal 2": what it was done to.
    about = models.CharField(_("about"), max_length=40, db_index=True)
    words = models.CharField(_("words"), max_length=600, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("log of moderation")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.about}: {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("lines of the log are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("lines of the log are never deleted")
