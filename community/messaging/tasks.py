"""Doorbell: a picture waits to be made ready."""

from __future__ import annotations

from community.outbox.jobs import handler
from community.services.kept_pictures import make_ready

from .models import MessagePicture


@handler("messaging.process_picture", queue="media", atomic=False)
def process_picture(*, picture: int) -> None:
    """Make a picture's renditions. Done already, or gone: nothing to do."""
    row = MessagePicture.objects.filter(pk=picture, state=MessagePicture.State.PROCESSING).first()
    if row is not None:
        make_ready(row)
