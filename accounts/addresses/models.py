"""One change of a person's address, from the wish to its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# For how long the new address may answer, and the old one take the change back.
CONFIRM_FOR = timedelta(days=3)
UNDO_FOR = timedelta(days=7)


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def asked(self, now: datetime) -> Self:
        """Those that still wait for the link in the new mailbox."""
        return self.filter(state=AddressChange.State.ASKED, asked_at__gt=now - CONFIRM_FOR)

    def since(self, moment: datetime) -> Self:
        """Those whose days began after a moment: with the wish, and anew when it came true."""
        return self.alias(began=Coalesce("made_at", "asked_at")).filter(began__gt=moment)

    def undoable(self, now: datetime) -> Self:
        """A wish that was dropped, too: its mail came first, and says the same of what followed."""
        still = self.since(now - UNDO_FOR).exclude(state=AddressChange.State.UNDONE)
        return still.filter(old_confirmed=True)


class AddressChange(models.Model):
    """Until the link in the new mailbox was followed, nobody's address is another: the wish is no
    claim to the address, so that nobody is kept from their own by somebody who only names it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a change of address", "Waits for the new address")
        MADE = "made", pgettext_lazy("a change of address", "Made")
        DROPPED = "dropped", pgettext_lazy("a change of address", "Dropped")
        UNDONE = "undone", pgettext_lazy("a change of address", "Undone by the old address")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes"
    )
    old = models.EmailField(_("old address"), blank=True)
    # Only a mailbox that once answered may undo: another may be a stranger's, by a slip of a key.
    old_confirmed = models.BooleanField()
    new = models.EmailField(_("new address"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    made_at = models.DateTimeField(_("made"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="one_address_asked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"

    @property
    def undo_until(self) -> datetime:
        return (self.made_at or self.asked_at) + UNDO_FOR

    @property
    def confirm_until(self) -> datetime:
        return self.asked_at + CONFIRM_FOR
