"""What a paid card says of itself: who paid, and why this reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Channel, Tag

from .models import BoostDelivery


@dataclass(frozen=True, slots=True)
class PaidPlace:
    # Code of rules.matched.
    matched: str
    text: str


def paid_place(viewer: User | None, note_id: int) -> PaidPlace | None:
    """Of a card that this viewer was sent; None where they were sent none."""
    if viewer is None or not viewer.is_authenticated:
        return None
    sent = BoostDelivery.objects.filter(note=note_id, person=viewer.pk)
    row = sent.values_list("boost__buyer__username", "matched").first()
    if row is None:
        return None
    buyer, matched = row
    words = {"name": f"@{buyer}", "audience": _whom(matched)}
    return PaidPlace(
        matched, _("Sponsored: %(name)s pays for this place, for %(audience)s.") % words
    )


def _whom(matched: str) -> str:
    kind, _colon, number = matched.partition(":")
    if kind == "tag" and (tag := Tag.objects.filter(pk=number).shown().first()):
        return _("readers who like #%(tag)s") % {"tag": tag.name}
    if kind == "channel" and (channel := Channel.objects.filter(pk=number).first()):
        return _("readers who like %(channel)s") % {"channel": channel.name}
    sentences = {
        "city": _("readers in your city"),
        "followers": _("their followers"),
        "not_followers": _("readers who do not follow them"),
    }
    return sentences.get(kind, _("all readers"))
