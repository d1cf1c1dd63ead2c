"""Where a person is signed in, and which browsers have been theirs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One session of one person: whose Django's session is, and where."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins"
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(_("browser"), max_length=30, blank=True)
    system = models.CharField(_("system"), max_length=30, blank=True)
    # Cut to /24 or /48: enough to recognise a place, too little to find a door.
    network = models.CharField(_("network"), max_length=50, blank=True)
    created_at = models.DateTimeField(_("signed in"))
    # To the hour: no page writes for it more often.
    seen_at = models.DateTimeField(_("last here"))

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering: ClassVar = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.browser} {self.system}"


class KnownDevice(models.Model):
    """A keyed hash of a browser this person signed in with; alerts are sent for those without."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices"
    )
    mark = models.CharField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "mark"], name="device_known_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.mark[:6]}"
