"""Files go with their rows, however those went: taken back, or with a conversation or account."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.file_store import remove_all
from community.services.kept_pictures import folder_of
from community.services.pictures import upload_path

from .models import MessagePicture


@receiver(post_delete, sender=MessagePicture)
def forget_files(instance: MessagePicture, **_: Any) -> None:
    source, folder = upload_path(instance.token), folder_of(instance)

    def forget() -> None:
        source.unlink(missing_ok=True)
        remove_all(folder)

    transaction.on_commit(forget)
