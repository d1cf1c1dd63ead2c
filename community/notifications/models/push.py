"""Browsers that want push messages, and the messages that were or will be sent to them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .notification import Notification

LONGEST_ENDPOINT = 500


class PushSubscription(models.Model):
    """One browser of somebody's, as its maker's push service knows it (RFC 8030, RFC 8291)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.URLField(max_length=LONGEST_ENDPOINT)
    # SHA-256 of the endpoint: a browser belongs to one person, the last who asked.
    hashed = models.CharField(max_length=64, unique=True, editable=False)
    # The browser's public key and its secret, base64url: only it can read what we send.
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    # What the owner knows it by ("Firefox, Linux").
    device = models.CharField(max_length=60, blank=True)
    # The log-in it was made in; when that ends the browser is told nothing more. Empty: a program.
    session = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    # Since when nothing got through; None while it does.
    failing_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("browser with push messages")
        verbose_name_plural = _("browsers with push messages")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.device or self.pk}"


class PushMessage(models.Model):
    """What is to be said of one notice, or of its group, to one browser. Its words are made when
    it is sent, of what the person may see then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("On its way")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer wanted")
        FAILED = "failed", _("Given up")

    subscription = models.ForeignKey(
        PushSubscription, on_delete=models.CASCADE, related_name="messages"
    )
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="+")
    # The group of the notice, or the notice: what waits for one of these is one message.
    about = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # HTTP status of the last answer; None where there was none, and then `trouble` says why.
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("push message")
        verbose_name_plural = _("push messages")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "about"],
                condition=Q(state="waiting"),
                name="push_waits_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="push_due"),
            models.Index(fields=["created_at"], name="push_age"),
        ]

    def __str__(self) -> str:
        return f"{self.about} → {self.subscription_id}"
