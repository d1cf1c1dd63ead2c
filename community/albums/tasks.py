"""Doorbell: something was put into an album."""

from __future__ import annotations

from django.utils import timezone

from community.outbox.jobs import handler

from .telling import tell_followers


@handler("albums.tell")
def tell(*, album: int) -> None:
    tell_followers(album_id=album, now=timezone.now())
