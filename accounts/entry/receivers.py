"""A confirmed address opens an account that waited for it; a changed block holds here at once."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from . import blocks, services
from .models import NetworkBlock


@receiver(email_confirmed, dispatch_uid="entry.confirmed")
def open_account(email_address: EmailAddress, **_: Any) -> None:
    services.confirm(person=email_address.user, now=timezone.now())


@receiver([post_save, post_delete], sender=NetworkBlock, dispatch_uid="entry.blocks")
def read_blocks_again(**_: Any) -> None:
    blocks.forget()
