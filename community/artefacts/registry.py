"""Which version of each kind is in force: published, taken back, refused; remembered a moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import User

from . import store
from .models import Artefact
from .store import Corrupt, Loaded

logger = logging.getLogger(__name__)

LOOK_AGAIN = 5.0  # seconds a process may go on with the version it knows
# Rows without files that are kept for the record, by kind.
ROWS_KEPT = 200
State = Artefact.State


@dataclass(slots=True)
class _Known:
    loaded: Loaded | None
    until: float


_known: dict[str, _Known] = {}
_loading = threading.Lock()


# ---------------------------------------------------------------- reading
def in_force(kind: str) -> Loaded | None:
    """The version of this kind that everybody uses; None where there is none.

    One whose files are missing or changed is refused on the spot and the version before it put
    back in force.
    """
    known = _known.get(kind)
    if known is not None and time.monotonic() < known.until:
        return known.loaded
    # Whoever has something to go on with does not wait for another thread that loads.
    if not _loading.acquire(blocking=known is None):
        return known.loaded if known else None
    try:
        loaded = _look(kind, known.loaded if known else None)
        _known[kind] = _Known(loaded, time.monotonic() + LOOK_AGAIN)
        return loaded
    finally:
        _loading.release()


def _look(kind: str, known: Loaded | None) -> Loaded | None:
    while (row := Artefact.objects.filter(kind=kind, state=State.IN_FORCE).first()) is not None:
        if known is not None and known.pk == row.pk:
            return known
        try:
            return store.load(row)
        except Corrupt as error:
            logger.error("Refused: %s", error)
            _refuse_corrupt(row, str(error))
    return None


def _refuse_corrupt(row: Artefact, reason: str) -> None:
    with transaction.atomic():
        store.lock(row.kind)
        refused = Artefact.objects.filter(pk=row.pk, state=State.IN_FORCE).update(
            state=State.REFUSED, remark=reason[:300]
        )
        if refused and (before := _before(row)) is not None:
            _put_back(before, f"{row} was corrupt")


def forget() -> None:
    """Look at the table again on the next question (after publishing; between tests)."""
    _known.clear()


# ---------------------------------------------------------------- writing
def publish(artefact: Artefact, *, by: User | None, remark: str = "", now: datetime) -> Artefact:
    """Put a version in force everywhere within LOOK_AGAIN; the former one is retired.

    Raises Conflict for one that was refused, whose files are gone, or that is corrupt.
    """
    try:
        store.load(artefact)
    except Corrupt as error:
        raise Conflict(_("Its files are missing or were changed.")) from error
    with transaction.atomic():
        rows = store.lock(artefact.kind)
        state = rows.values_list("state", flat=True).get(pk=artefact.pk)
        if state == State.REFUSED:
            raise Conflict(_("This version was refused."))
        if state != State.IN_FORCE:
            rows.filter(state=State.IN_FORCE).update(state=State.RETIRED)
            rows.filter(pk=artefact.pk).update(
                state=State.IN_FORCE, remark=remark[:300], published_by=by, published_at=now
            )
        transaction.on_commit(forget)
    artefact.refresh_from_db()
    return artefact


def roll_back(
    kind: str, *, by: User | None, remark: str = "", now: datetime, only: int | None = None
) -> Artefact | None:
    """Take back what is in force; the version published before it returns, if its files are kept.
    Raises Conflict when another one than `only` is in force by then.

    Returns what is in force now: None means that users of this kind go on without. Taking back
    twice goes two versions back, never to one taken back before. `now` is written into the log.
    """
    with transaction.atomic():
        rows = store.lock(kind)
        current = rows.filter(state=State.IN_FORCE).first()
        if only is not None and (current is None or current.pk != only):
            raise Conflict()
        if current is None:
            return None
        rows.filter(pk=current.pk).update(
            state=State.RETIRED, remark=remark[:300], published_at=None
        )
        before = _before(current)
        if before is not None:
            _put_back(before, remark or f"{current} was taken back")
        transaction.on_commit(forget)
    logger.warning("%s taken back by %s at %s: %s", current, by or "guardrail", now, remark)
    return before


def _before(row: Artefact) -> Artefact | None:
    """The version published before this one, not taken back since, that still has its files."""
    if row.published_at is None:
        return None
    retired = Artefact.objects.filter(kind=row.kind, state=State.RETIRED).exclude(folder="")
    return retired.filter(published_at__lt=row.published_at).order_by("-published_at").first()


def _put_back(row: Artefact, remark: str) -> None:
    """In force again; when it was first published stays, so that going back goes on."""
    Artefact.objects.filter(pk=row.pk).update(state=State.IN_FORCE, remark=remark[:300])
    row.refresh_from_db()


def refuse(
    kind: str,
    *,
    reason: str,
    trained_on: Mapping[str, Any],
    now: datetime,
    figures: Mapping[str, Any] | None = None,
) -> Artefact:
    """Record why a training came to nothing; what is in force stays. The same reason again and
    again is one row, whose time moves."""
    logger.warning("Training of %s refused: %s", kind, reason)
    fields = {"trained_on": dict(trained_on), "figures": dict(figures or {}), "trained_at": now}
    newest = Artefact.objects.filter(kind=kind).first()
    if newest is not None and (newest.state, newest.remark) == (State.REFUSED, reason[:300]):
        Artefact.objects.filter(pk=newest.pk).update(**fields)
        newest.refresh_from_db()
        return newest
    return store.add_row(kind, state=State.REFUSED, remark=reason[:300], **fields)


def tidy(*, now: datetime) -> int:
    """Keep the files of the newest versions of each kind, of what is in force and of the one it
    would go back to; returns how many versions and leftovers were cleared."""
    cleared = store.forget_leftovers(now=now)
    for kind in Artefact.objects.order_by().values_list("kind", flat=True).distinct():
        rows = Artefact.objects.filter(kind=kind)
        with_files = rows.exclude(folder="")
        kept = set(with_files.values_list("pk", flat=True)[: settings.MODELS_KEPT])
        current = rows.filter(state=State.IN_FORCE).first()
        if current is not None:
            before = _before(current)
            kept |= {current.pk} | ({before.pk} if before else set())
        for row in with_files.exclude(pk__in=kept):
            store.remove_files(row)
            cleared += 1
        old = rows.filter(folder="").values_list("pk", flat=True)[ROWS_KEPT:]
        rows.filter(pk__in=list(old[:1_000])).delete()
    return cleared
