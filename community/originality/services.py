"""Keep prints, keys and findings true to what notes say and show now. May run late or twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from community import signals
from community.media import alike
from community.models import Note, NoteImage
from community.outbox.jobs import enqueue_many
from community.text import duplicates
from community.turns import breathe

from .bands import put
from .comparing import Pair, matches_of, pairs_of
from .looks import Look, lookable, looks_at
from .models import Band, Likeness, NotePrint

# Notes of one job, and of one of its transactions: on SQLite nobody else writes meanwhile.
PER_JOB, AT_ONCE = 100, 5
# Lost ones of each kind that one repair finds.
REPAIRED = 500
# A repair leaves notes alone whose job is still to come, and looks for lost pictures so far back.
JOBS_TAKE = timedelta(minutes=5)
PICTURES_ARE_RECENT = timedelta(days=2)


def keep_current(note_ids: Collection[int], *, now: datetime) -> int:
    """Look at these notes again; returns how many say or show something else than before.

    1. take away what is not to be looked at   2. renew prints and keys of what changed
    3. compare those   4. ask to compare again what repeated something now changed or gone
    """
    touched = 0
    for some in batched(note_ids, AT_ONCE):
        touched += _keep_current(some, now=now)
        if len(some) == AT_ONCE:
            breathe()
    return touched


def batched(note_ids: Iterable[int], size: int = PER_JOB) -> Iterator[list[int]]:
    """Each id once, so many at a time."""
    ids = sorted(set(note_ids))
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _keep_current(note_ids: list[int], *, now: datetime) -> int:
    looks = looks_at(note_ids)
    known = NotePrint.objects.in_bulk([look.note_id for look in looks])
    gone = set(note_ids) - {look.note_id for look in looks}
    with transaction.atomic():
        touched = _forget(gone)
        changed = [new for look in looks if (new := _renewed(look, known.get(look.note_id), now))]
        _store(changed)
        touched += [look.note_id for look in changed]
        _compare(changed, now=now)
        repeating = Likeness.objects.filter(original__in=touched).exclude(note__in=touched)
        ask_to_compare(repeating.values_list("note_id", flat=True))
    return len(touched)


def compare(note_ids: Collection[int], *, now: datetime) -> None:
    """Find anew what these notes repeat, their prints being as they are."""
    for some in batched(note_ids, AT_ONCE):
        with transaction.atomic():
            _compare(looks_at(some), now=now)


def ask_to_compare(note_ids: Iterable[int]) -> None:
    # Jobs of one key are one job: a key may stand for a single note only.
    rows = [(chunk[0] if len(chunk) == 1 else "", {"notes": chunk}) for chunk in batched(note_ids)]
    enqueue_many("originality.compare", rows)


def what_is_missing(*, now: datetime) -> list[int]:
    """Notes whose job was lost: without a print, with pictures nobody looked at, or with a print
    though nobody else may have met them; some of each."""
    settled = lookable().filter(published_at__lt=now - JOBS_TAKE)
    unknown = settled.filter(~Exists(NotePrint.objects.filter(note=OuterRef("pk"))))
    stray = NotePrint.objects.filter(~Exists(lookable().filter(pk=OuterRef("note"))))
    return [
        *unknown.values_list("pk", flat=True)[:REPAIRED],
        *_with_unseen_pictures(now)[:REPAIRED],
        *stray.values_list("note_id", flat=True)[:REPAIRED],
    ]


def _with_unseen_pictures(now: datetime) -> Sequence[int]:
    ready = NoteImage.objects.filter(state=NoteImage.State.READY, is_text_card=False)
    recent = ready.filter(created_at__gt=now - PICTURES_ARE_RECENT)
    counted = ready.filter(note=OuterRef("note")).values("note").annotate(n=Count("pk"))
    prints = NotePrint.objects.filter(note__in=recent.values("note"))
    unequal = prints.annotate(ready=Coalesce(Subquery(counted.values("n")), 0)).exclude(
        pictures=F("ready")
    )
    return unequal.values_list("note_id", flat=True)  # type: ignore[return-value]


# ---------------------------------------------------------------- prints
def _forget(gone: Collection[int]) -> list[int]:
    """Remove what is kept of notes that are not to be looked at; returns which were kept."""
    kept = list(NotePrint.objects.filter(note__in=gone).values_list("note_id", flat=True))
    for model in (Band, Likeness, NotePrint):
        model._base_manager.filter(note__in=kept).delete()
    return kept


def _renewed(look: Look, kept: NotePrint | None, now: datetime) -> Look | None:
    """The note with its age, if it differs from what is kept; None if all is as it was."""
    if kept is None:
        return look
    if kept.digest == duplicates.digest(look.words):
        same = (kept.pictures, kept.shown) == (look.ready, _shown(look))
        return None if same else look
    mine = duplicates.signature(duplicates.grams(look.words))
    former = np.frombuffer(bytes(kept.minima), np.uint64)
    says_the_same = duplicates.share_of_equal_minima(mine, former) >= duplicates.ALIKE
    return look if says_the_same else replace(look, since=now)


def _shown(look: Look) -> int:
    return duplicates.digest(" ".join(str(picture.image_id) for picture in look.pictures))


def _store(looks: Sequence[Look]) -> None:
    ids = [look.note_id for look in looks]
    Band.objects.filter(note__in=ids).delete()
    NotePrint.objects.bulk_create(
        [_print(look) for look in looks],
        update_conflicts=True,
        unique_fields=["note"],
        update_fields=["since", "digest", "minima", "pictures", "shown"],
        batch_size=500,
    )
    put(band for look in looks for band in _bands(look))


def _print(look: Look) -> NotePrint:
    minima = duplicates.signature(duplicates.grams(look.words))
    return NotePrint(
        note_id=look.note_id,
        since=look.since,
        digest=duplicates.digest(look.words),
        minima=minima.tobytes(),
        pictures=look.ready,
        shown=_shown(look),
    )


def _bands(look: Look) -> Iterator[Band]:
    for key in look.text_keys():
        yield Band(note_id=look.note_id, key=key, since=look.since)
    for picture in look.pictures:
        for key in alike.band_keys(picture.phash):
            yield Band(
                note_id=look.note_id, image_id=picture.image_id, key=key, since=picture.since
            )


# ---------------------------------------------------------------- findings
def _compare(looks: Sequence[Look], *, now: datetime) -> None:
    """Write what these notes repeat, tell whose finding changed, and ask to compare later notes
    that now have an earlier one."""
    pairs = pairs_of(looks)
    found = {
        (look.note_id, str(match.what)): Likeness(
            note_id=look.note_id,
            what=match.what,
            original_id=match.original.note_id,
            own=match.own,
            share=match.share,
            found_at=now,
        )
        for look in looks
        for match in matches_of(look, pairs[look.note_id])
    }
    ids = [look.note_id for look in looks]
    before = {(row.note_id, row.what): row for row in Likeness.objects.filter(note__in=ids)}
    new = {key: row for key, row in found.items() if not _says_the_same(before.get(key), row)}
    lost = before.keys() - found.keys()
    Likeness.objects.filter(pk__in=[before[key].pk for key in lost]).delete()
    Likeness.objects.bulk_create(
        new.values(),
        update_conflicts=True,
        unique_fields=["note", "what"],
        update_fields=["original", "own", "share", "found_at"],
        batch_size=500,
    )
    if changed := sorted({note_id for note_id, _what in [*new, *lost]}):
        signals.likeness_changed.send(sender=Note, note_ids=changed, now=now)
    ask_to_compare(_later_without_original(pair for some in pairs.values() for pair in some))


def _says_the_same(kept: Likeness | None, row: Likeness) -> bool:
    return (
        kept is not None
        and (kept.original_id, kept.own) == (row.original_id, row.own)
        and abs(kept.share - row.share) < 0.005
    )


def _later_without_original(pairs: Iterable[Pair]) -> set[int]:
    later = {(pair.other.note_id, str(pair.what)) for pair in pairs if not pair.is_earlier}
    known = Likeness.objects.filter(note__in={note_id for note_id, _what in later})
    return {note_id for note_id, _what in later - set(known.values_list("note_id", "what"))}
