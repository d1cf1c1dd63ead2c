"""Files go with their rows, however those went: taken back, or with a conversation or account."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.file_store import forget
from community.services.kept_pictures import folder_of
from community.services.pictures import upload_path

from .models import MessagePicture


@receiver(post_delete, sender=MessagePicture)
def forget_files(instance: MessagePicture, **_: Any) -> None:
    forget(files=[upload_path(instance.token)], folders=[folder_of(instance)])
