"""Archives go with their person, file by file."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.owndata.leaving import Stage, takes_away

from . import services
from .intake import path_of
from .models import Archive, Intake


@takes_away("archives", stage=Stage.MONEY)
def archives(person: User, now: datetime) -> int:
    rows = list(Archive.objects.of(person))
    for archive in rows:
        services.forget(archive)
    for intake in Intake.objects.of(person):
        path_of(intake.token).unlink(missing_ok=True)
    return len(rows)
