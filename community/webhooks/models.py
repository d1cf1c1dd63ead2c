"""Addresses that want to be told, and everything that was or will be sent to them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_URL = 500


class Endpoint(models.Model):
    """An address of somebody's own. The signing secret is derived, not stored: see signing.py."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.URLField(_("address"), max_length=LONGEST_URL)
    # Kinds of events it wants.
    kinds = models.JSONField(_("events"), default=list)
    salt = models.CharField(max_length=32, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Since when nothing got through; None while it answers.
    failing_since = models.DateTimeField(_("failing since"), null=True)
    # Set when we gave up on it rather than its owner.
    given_up = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "url"], name="webhook_address_once")
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one address: the log, and what is still to be sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    # The receiver's key against repeats: the same event has the same id for ever.
    event = models.UUIDField()
    kind = models.CharField(max_length=42)
    # The JSON text as it is signed and sent.
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # HTTP status of the last answer; None where there was none, and then `trouble` says why.
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    # When it is tried next, while it waits; until when a worker is at it.
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="told_address_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="delivery_age"),
            models.Index(fields=["state", "due_at"], name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.endpoint_id}"
