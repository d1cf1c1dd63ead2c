"""What a collaboration asks of its note: the label for ever, and to be published as approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from community.models import Note
from community.services.disclosing import demands_label
from community.signals import note_published

from . import services
from .models import Collaboration
from .rules import LABELLED


@demands_label
def of_a_collaboration(note: Note) -> str | None:
    found = Collaboration.objects.filter(note=note, state__in=LABELLED).select_related("brand")
    one = found.first()
    if one is None:
        return None
    return _("This note is paid by %(brand)s: the label stays.") % {"brand": one.brand.name}


@receiver(note_published)
def pay_for_it(note: Note, now: datetime, **_: Any) -> None:
    """In the transaction that publishes: a refusal here undoes it."""
    services.settle(note, now=now)
