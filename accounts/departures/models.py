"""Who leaves, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Departure(models.Model):
    """One account that is closed by its owner. Afterwards the row says only that one went."""

    class State(models.TextChoices):
        # It can be undone until it is due.
        CLOSED = "closed", pgettext_lazy("a departure", "Closed")
        LEAVING = "leaving", pgettext_lazy("a departure", "Being deleted")
        GONE = "gone", pgettext_lazy("a departure", "Gone")

    # Nobody, once it is done.
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="departure"
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.CLOSED)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    # How many rows each step took away.
    figures = models.JSONField(_("figures"), default=dict)
    # Whether an emptied row of the account stays, because the ledger or others' replies need it.
    kept_row = models.BooleanField(_("row kept"), default=False)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="departure_due")]

    def __str__(self) -> str:
        return f"{self.person_id or '-'}: {self.state}"
