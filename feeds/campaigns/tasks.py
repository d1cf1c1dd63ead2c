"""Doorbells: rankings kept current, banners made ready."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic
from community.services.kept_pictures import make_ready

from . import services
from .models import Banner


@periodic("campaigns.advance", slot=timedelta(minutes=1))
def advance() -> int:
    return services.advance(now=timezone.now())


@handler("campaigns.process_banner", queue="media", atomic=False)
def process_banner(*, banner: int) -> None:
    """Done already, or gone: nothing to do."""
    row = Banner.objects.filter(pk=banner, state=Banner.State.PROCESSING).first()
    if row is not None:
        make_ready(row)
