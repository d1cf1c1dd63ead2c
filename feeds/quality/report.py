"""What an author is told of a note's quality: before publishing, and on the pool page after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Channel, Note, NoteImage
from community.originality.reading import Original, look_at_draft
from community.text.clean import is_blank
from community.text.quality import REASONS, PictureMeasures, QualityReport, score_text
from feeds.policies import current
from feeds.pool_admission import Readers
from feeds.pools import promise

from .judging import Rules, measures_of, rules_in_force

# The server draws a card where an author shows nothing; it is judged like every drawn card.
DRAWN_CARD = PictureMeasures(1080, 1440, 0.0, 0.0, 0.0, 0.0, is_text_card=True)


@dataclass(frozen=True, slots=True)
class Mark:
    """One dimension: its score, why, what would help, and what the total would gain by it."""

    name: str
    score: float
    reason: str
    advice: str
    gain: float


@dataclass(frozen=True, slots=True)
class Repeated:
    """An earlier note that this one is very like; named only to those who may see it."""

    what: str
    own: bool
    share: float
    sentence: str
    note: int | None
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class DraftQuality:
    """The report before publishing. `views` are first readers promised, now and at best."""

    total: float
    possible: float
    bar: float
    channel: str
    passes: bool
    stopped_by: str
    views: int
    possible_views: int
    pictures_waiting: int
    marks: list[Mark]
    originals: list[Repeated]

    @property
    def missing(self) -> float:
        return max(0.0, self.bar - self.total)


def report_on_draft(
    *,
    author: User,
    title: str,
    body: str,
    tags: Sequence[str],
    has_place: bool,
    channel: Channel,
    images: Collection[NoteImage],
    now: datetime,
    note_id: int = 0,
) -> DraftQuality:
    """What publishing this now would bring, and what would help. Nothing is written.

    `images` are the author's own, in any state; refused ones count nothing.
    """
    shown = [i for i in images if not i.is_text_card and i.state != NoteImage.State.REFUSED]
    ready = [image for image in shown if image.state == NoteImage.State.READY]
    repeats, originals = look_at_draft(
        author=author, note_id=note_id, title=title, body=body, images=ready, now=now
    )
    rules = rules_in_force()
    draws_card = not shown and not (is_blank(title) and is_blank(body))
    measures = measures_of(ready) or ([DRAWN_CARD] if draws_card else [])
    report = score_text(title, body, tags, measures, has_place, repeats, weights=rules.weights)
    return _drafted(report, rules, channel, originals, len(shown) - len(ready), now)


def report_on_note(note: Note, *, now: datetime) -> DraftQuality:
    """A note as it is saved, as if it were published now."""
    return report_on_draft(
        author=note.author,
        note_id=note.pk,
        title=note.title,
        body=note.body,
        tags=list(note.tags.names()),
        has_place=note.place_id is not None,
        channel=note.channel,
        images=list(note.images.all()),
        now=now,
    )


def _drafted(
    report: QualityReport,
    rules: Rules,
    channel: Channel,
    originals: Sequence[Original],
    waiting: int,
    now: datetime,
) -> DraftQuality:
    bar = rules.bars.of(channel)
    passes = rules.passes(report, bar)
    mendable = [dimension for dimension in report.dimensions if REASONS[dimension.code][1]]
    possible = min(1.0, report.total + sum(report.gain(dimension) for dimension in mendable))
    first = current()[1].pools.ladder[0]
    reachable = Readers(now).within(first.hours)
    return DraftQuality(
        total=round(report.total, 3),
        possible=round(possible, 3),
        bar=bar,
        channel=channel.name,
        passes=passes,
        stopped_by=rules.stopped_by(report),
        views=promise(first, quality=report.total, reachable=reachable) if passes else 0,
        possible_views=promise(first, quality=possible, reachable=reachable),
        pictures_waiting=waiting,
        marks=marks_of(report),
        originals=[repeated(original) for original in originals],
    )


def marks_of(report: QualityReport) -> list[Mark]:
    """In words of the page's language, what costs most first."""
    dimensions = sorted(report.dimensions, key=lambda d: (-report.gain(d), d.name))
    return [
        Mark(d.name, round(d.score, 3), *_in_words(d.code), round(report.gain(d), 3))
        for d in dimensions
    ]


def _in_words(code: str) -> tuple[str, str]:
    reason, advice = REASONS[code]
    return _(reason), _(advice) if advice else ""


def repeated(original: Original) -> Repeated:
    note = original.note
    return Repeated(
        what=original.what,
        own=original.own,
        share=round(original.share, 3),
        sentence=_sentence(original),
        note=note.pk if note else None,
        title=str(note) if note else "",
        author=note.author.username if note else "",
    )


def _sentence(original: Original) -> str:
    note: Note | None = original.note
    if note is None:
        return _("Very like an earlier note that you cannot see.")
    if original.own:
        return _("Very like your note “%(title)s”.") % {"title": note}
    told = {"title": note, "name": note.author.profile.name}
    return _("Very like “%(title)s” by %(name)s.") % told
