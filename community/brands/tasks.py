"""Doorbells: pictures made ready, badges that end, documents that are too old."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic
from community.services.kept_pictures import make_ready

from . import keeping
from .models import Picture


@handler("brands.process_picture", queue="media", atomic=False)
def process_picture(*, picture: int) -> None:
    """Make a picture's renditions. Done already, or gone: nothing to do."""
    row = Picture.objects.filter(pk=picture, state=Picture.State.PROCESSING).first()
    if row is not None:
        make_ready(row)


@periodic("brands.keep", slot=timedelta(hours=1))
def keep() -> int:
    """Warn of badges that end, end those that did, delete documents that nobody needs."""
    return keeping.keep(now=timezone.now())
