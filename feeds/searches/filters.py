"""What a search may be narrowed to: channel, time, pictures or a video, language, a circle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Channel, Note, NoteImage
from feeds.geo import Point, box_around, rough_km

TIMES = {"day": 1, "week": 7, "month": 31, "year": 366}
KINDS = ("pictures", "video", "text")
ORDERS = ("best", "newest")
DISTANCES = (1, 5, 10, 25, 50)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Empty or None: not narrowed by that."""

    channel: Channel | None = None
    time: str = ""
    kind: str = ""
    language: str = ""
    order: str = "best"
    around: Point | None = None
    km: float = 10

    def within(self, *, now: datetime) -> QuerySet[Note] | None:
        """The notes that pass, before the gate; None for all. Distance: the box around it."""
        wanted = Q()
        if self.time:
            wanted &= Q(published_at__gte=now - timedelta(days=TIMES[self.time]))
        if self.language:
            wanted &= Q(language=self.language)
        if self.channel is not None:
            wanted &= Q(channel=self.channel) | Q(channel__parent=self.channel)
        if self.kind:
            wanted &= _of_kind(self.kind)
        if self.around is not None:
            wanted &= _in_box(self.around, self.km)
        return Note.objects.filter(wanted) if wanted else None

    def near_enough(self, note_ids: list[int]) -> dict[int, float]:
        """Kilometres to each note's place, of those inside the circle. Only with `around`."""
        if self.around is None:
            return {}
        found: dict[int, float] = {}
        for start in range(0, len(note_ids), 500):
            rows = Note.objects.filter(pk__in=note_ids[start : start + 500], place__isnull=False)
            for pk, lat, lon in rows.values_list("pk", "place__latitude", "place__longitude"):
                found[pk] = rough_km(self.around, Point(lat, lon))
        return {pk: km for pk, km in found.items() if km <= self.km}

    def said(self) -> str:
        """The same word for the same narrowing."""
        channel = self.channel.pk if self.channel else ""
        shape = f"{self.time}|{self.kind}|{self.language}|{self.order}"
        return f"{channel}|{shape}|{self.around}|{self.km}"


def _of_kind(kind: str) -> Q:
    ready = NoteImage.objects.filter(
        note=OuterRef("pk"), is_text_card=False, state=NoteImage.State.READY
    )
    if kind == "text":
        return ~Q(Exists(ready))
    # The cover of a video is a picture of the note, too.
    return Q(Exists(ready.filter(video__isnull=kind == "pictures")))


def _in_box(around: Point, km: float) -> Q:
    box = box_around(around, km)
    across = Q()
    for west, east in box.ranges:
        across |= Q(place__longitude__range=(west, east))
    return Q(place__latitude__range=(box.south, box.north)) & across
