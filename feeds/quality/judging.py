"""From what a note says and shows to its verdict, and verdicts anew when the standard changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from community.models import Note, NoteImage
from community.originality.reading import repeats_of
from community.text.quality import (
    Dimension,
    PictureMeasures,
    QualityReport,
    Repeats,
    report_of,
    score_text,
)
from feeds import pool_admission
from feeds.models import LiveNote, QualityVerdict
from feeds.policies import current

from .bars import Bars, bars_in_force
from .weights import weights_in_force

# However good the rest, advertising is not recommended.
LEAST_SPAM_SCORE = 0.5
# What is kept of a dimension is rounded: smaller differences of a total are no other verdict.
SAME = 0.001


@dataclass(frozen=True, slots=True)
class Rules:
    """All that verdicts are made by, at one time."""

    weights: Mapping[str, float]
    bars: Bars
    least_originality: float

    def stopped_by(self, report: QualityReport) -> str:
        """The dimension that keeps a note from being recommended whatever its total, or ""."""
        if report.score_of("spam") < LEAST_SPAM_SCORE:
            return "spam"
        return "originality" if report.score_of("originality") < self.least_originality else ""

    def passes(self, report: QualityReport, bar: float) -> bool:
        return report.total >= bar and not self.stopped_by(report)


def rules_in_force() -> Rules:
    return Rules(weights_in_force()[1], bars_in_force(), current()[1].quality.least_originality)


def judge_notes(notes: Sequence[Note], now: datetime) -> dict[int, QualityVerdict]:
    """Judge and keep: notes with `tags`, `images` and `channel` fetched. Three statements."""
    rules = rules_in_force()
    repeats = repeats_of([note.pk for note in notes])
    verdicts = {
        note.pk: _verdict(note, repeats.get(note.pk, Repeats()), rules, now) for note in notes
    }
    _keep(verdicts.values())
    return verdicts


def _verdict(note: Note, repeats: Repeats, rules: Rules, now: datetime) -> QualityVerdict:
    report = score_text(
        note.title,
        note.body,
        [tag.name for tag in note.tags.all()],
        measures_of(note.images.all()),
        note.place_id is not None,
        repeats,
        weights=rules.weights,
    )
    return QualityVerdict(
        note=note,
        score=report.total,
        passes=rules.passes(report, rules.bars.of(note.channel)),
        dimensions=[
            {"name": d.name, "score": round(d.score, 3), "code": d.code} for d in report.dimensions
        ],
        judged_at=now,
    )


def measures_of(images: Iterable[NoteImage]) -> list[PictureMeasures]:
    """Of the pictures that are ready."""
    return [_measures(image) for image in images if image.state == NoteImage.State.READY]


def _measures(image: NoteImage) -> PictureMeasures:
    measured = image.measures
    return PictureMeasures(
        width=image.width,
        height=image.height,
        sharpness=measured.get("sharpness", 0.0),
        brightness=measured.get("brightness", 0.0),
        contrast=measured.get("contrast", 0.0),
        entropy=measured.get("entropy", 0.0),
        is_text_card=image.is_text_card,
    )


def _keep(verdicts: Iterable[QualityVerdict]) -> None:
    QualityVerdict.objects.bulk_create(
        verdicts,
        update_conflicts=True,
        unique_fields=["note"],
        update_fields=["score", "passes", "dimensions", "judged_at"],
        batch_size=500,
    )


# ---------------------------------------------------------------- by another standard
def dimensions_of(kept: Sequence[Mapping[str, Any]]) -> list[Dimension]:
    """Dimensions as a verdict keeps them."""
    return [Dimension(row["name"], row["score"], row["code"]) for row in kept]


def judge_again(note_ids: Collection[int], *, now: datetime) -> int:
    """Weigh kept dimensions anew and hold them against the bars of now; returns how many verdicts
    changed. Nothing is read but rows: a handful of statements for any number of notes."""
    rules = rules_in_force()
    rows = QualityVerdict.objects.filter(note__in=note_ids).select_related(None)
    places = rows.values_list("note_id", "note__channel_id", "note__channel__parent_id")
    bars = {note_id: rules.bars.at(channel, parent) for note_id, channel, parent in places}
    changed = [row for row in rows if _judged_anew(row, bars[row.note_id], rules, now)]
    ids = [row.note_id for row in changed]
    with transaction.atomic():
        _keep(changed)
        now_said = QualityVerdict.objects.filter(note=OuterRef("pk"))
        LiveNote.objects.filter(note__in=ids).update(
            quality=Subquery(now_said.values("score")),
            recommended=Subquery(now_said.values("passes")),
        )
        # What staff limited stays so, however good it is.
        LiveNote.objects.filter(note__in=ids, note__limited_at__isnull=False).update(
            recommended=False
        )
        pool_admission.follow_catalogue(ids, now=now)
    return len(changed)


def _judged_anew(row: QualityVerdict, bar: float, rules: Rules, now: datetime) -> bool:
    """Put the new score into the row; whether it is another one."""
    kept = dimensions_of(row.dimensions)
    if sum(rules.weights.get(dimension.name, 0.0) for dimension in kept) <= 0:
        return False
    report = report_of(kept, weights=rules.weights)
    before = (row.passes, row.score)
    row.score, row.passes, row.judged_at = report.total, rules.passes(report, bar), now
    return row.passes != before[0] or abs(row.score - before[1]) > SAME
