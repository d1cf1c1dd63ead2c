"""Pictures in messages: the same intake as every picture, and files that go with their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from community.outbox.jobs import enqueue
from community.services.kept_pictures import check_upload, kept_upload
from community.services.pictures import upload_path
from community.text.clean import clean_line

from .models import Message, MessagePicture

ALT_LENGTH = 300
__all__ = ["check_upload", "kept", "take_in"]


@contextmanager
def kept(uploads: Sequence[tuple[BinaryIO, str]]) -> Iterator[list[str]]:
    """Tokens of uploads that are kept, in one transaction; what is refused inside keeps none."""
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        tokens = [stack.enter_context(kept_upload(upload)) for upload, _name in uploads]
        yield tokens
    for token in tokens:  # what nothing was made of
        upload_path(token).unlink(missing_ok=True)


def take_in(message: Message, tokens: list[str], *, alt: str, now: datetime) -> None:
    """A row for each upload, which is taken off the list; a worker makes them ready."""
    for position in range(len(tokens)):
        picture = MessagePicture.objects.create(
            message=message,
            position=position,
            alt=clean_line(alt, max_length=ALT_LENGTH),
            token=tokens.pop(0),
            created_at=now,
        )
        enqueue("messaging.process_picture", key=picture.pk, picture=picture.pk)
