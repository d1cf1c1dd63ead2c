"""Begin a test, look at it, end it. Every step is compare-and-set: done twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid
from accounts.models import User
from accounts.prepared import these
from community.models import Note, NoteImage
from community.services import covers
from community.services.access import own_note
from feeds.models import PoolDelivery, PoolEntry
from feeds.policies import current

from .counting import count
from .models import CoverTest
from .rules import Kept, State, Verdict, judge

Why = CoverTest.Why


# ---------------------------------------------------------------- begin
def begin(note_ids: Sequence[int], *, now: datetime) -> int:
    """Begin the tests of those of these notes that wait in the first pool for their first view,
    whose author chose a second cover, and whose covers are both ready; how many."""
    if current()[1].covers.test != "on":
        return 0
    chosen = NoteImage.objects.filter(
        note__in=these(note_ids), second_cover=NoteImage.SecondCover.CHOSEN
    )
    waiting = list(chosen.values_list("note_id", flat=True))
    return sum(_begin(note_id, now) for note_id in waiting)


def _begin(note_id: int, now: datetime) -> bool:
    with transaction.atomic():
        if not may_begin(note_id, hold=True):
            return False
        pair = covers.show_both(Note.objects.get(pk=note_id))
        if pair is None:
            return False
        CoverTest.objects.create(note_id=note_id, first=pair[0], second=pair[1], started_at=now)
    return True


def may_begin(note_id: int, *, hold: bool = False) -> bool:
    """Whether it stands in the first pool, was sent to nobody yet, and was not tested before.
    `hold` keeps its pool entry from counting views until the transaction ends."""
    entries = PoolEntry.objects.filter(pk=note_id, state=PoolEntry.State.RUNNING, tier=0)
    if not (entries.select_for_update(no_key=True) if hold else entries).exists():
        return False
    sent = PoolDelivery.objects.filter(note=note_id)
    return not (sent.exists() or CoverTest.objects.filter(pk=note_id).exists())


def choose_late(*, author: User, note_id: int, image_id: int, now: datetime) -> CoverTest:
    """Test a picture of a published note that waits for its first view. Raises Invalid, Conflict,
    NotFound."""
    with transaction.atomic():
        note = own_note(author, note_id)
        if current()[1].covers.test != "on":
            raise Conflict(_("Cover tests are switched off here."), field="picture")
        if not may_begin(note_id, hold=True):
            raise Conflict(
                _("A second cover can be chosen until the note's first view in the first pool."),
                field="picture",
            )
        covers.set_second_cover(note, image_id)
        if not _begin(note_id, now):
            raise Invalid(
                _("The picture is still being prepared. Try again in a moment."), field="picture"
            )
    return CoverTest.objects.get(pk=note_id)


# ---------------------------------------------------------------- look
def look(*, now: datetime) -> int:
    """Look at every running test; how many ended."""
    return sum(_look_at(test, now) for test in CoverTest.objects.filter(state=State.RUNNING))


def _look_at(test: CoverTest, now: datetime) -> bool:
    entry = PoolEntry.objects.filter(pk=test.note_id).first()
    rules = current()[1].covers
    if rules.test != "on":
        return _end(test, Verdict(State.ENDED, Kept.FIRST), now, why=Why.SWITCHED_OFF)
    if entry is None or entry.state == PoolEntry.State.HELD:
        return _end(test, Verdict(State.ENDED, Kept.FIRST), now, why=Why.WITHDRAWN)
    over = entry.tier > 0 or entry.state != PoolEntry.State.RUNNING
    verdict = judge(*count(test, until=now), over=over, rules=rules)
    return verdict.state != State.RUNNING and _end(test, verdict, now)


# ---------------------------------------------------------------- end
def stop(*, author: User, note_id: int, keep: str, now: datetime) -> CoverTest:
    """The author chooses by hand. Raises Invalid, Conflict, NotFound."""
    own_note(author, note_id)
    if keep not in list(Kept):
        raise Invalid(_("Choose which cover stays: first or second."), field="keep")
    test = CoverTest.objects.filter(pk=note_id, state=State.RUNNING).first()
    if test is None or not _end(test, Verdict(State.STOPPED, Kept(keep)), now):
        raise Conflict(_("This test is over already."))
    test.refresh_from_db()
    return test


def _end(test: CoverTest, verdict: Verdict, now: datetime, *, why: str = "") -> bool:
    """Write the decision and apply it, in one transaction; False when somebody was faster."""
    with transaction.atomic():
        if not _write(test, verdict, now, why):
            return False
        keep_second = verdict.kept == Kept.SECOND
        covers.settle(note_id=test.note_id, keep_second=keep_second, now=now)
    return True


def end_changed(*, note_id: int, why: str, now: datetime) -> None:
    """The author changed the note, which shows its first cover to everybody already."""
    test = CoverTest.objects.filter(pk=note_id, state=State.RUNNING).first()
    if test is not None:
        _write(test, Verdict(State.ENDED, Kept.FIRST), now, why)


def _write(test: CoverTest, verdict: Verdict, now: datetime, why: str) -> bool:
    changed = CoverTest.objects.filter(pk=test.pk, state=State.RUNNING).update(
        state=verdict.state,
        kept=verdict.kept or Kept.FIRST,
        why=why,
        ended_at=now,
        figures=_figures(test, now),
    )
    return bool(changed)


def _figures(test: CoverTest, now: datetime) -> dict[str, Any]:
    """All that is needed to reach the decision again."""
    first, second = count(test, until=now)
    rules = current()[1].covers
    return {
        "first": asdict(first),
        "second": asdict(second),
        "least_impressions": rules.least_impressions,
        "alpha": rules.alpha,
    }
