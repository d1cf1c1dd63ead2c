"""Try a version on what was written in the last 30 days: how much it hits, what staff had said of
it, how many people it would have kept from it. It changes nothing but its own rows.

A job reads a batch, keeps how far it came in the same transaction, and notes the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.models import User
from community.models import Comment, Note
from community.moderation.models import Decision
from community.outbox.jobs import enqueue
from community.text import duplicates

from . import services, texts
from .book import compiled_for
from .matching import COMMENT, NOTE, Written
from .models import DryHit, DryRun, RuleVersion
from .past import RowsPast, remember

PERIOD = timedelta(days=30)
# Texts that one job reads: a second or two.
AT_ONCE = 400
# Hits that are kept one by one, with their text; more are only counted.
KEPT = 2_000
SAMPLE = 30
# What the results say of decisions; of several, the last counts.
AGREED, DISAGREED = ("hide", "remove", "limit", "label"), ("keep", "restore")


def start(*, by: User, version_id: int, now: datetime) -> DryRun:
    """Begin a dry run. Raises NotAllowed, NotFound, Conflict."""
    if not (by.is_active and by.has_perm(services.WRITE)):
        raise NotAllowed
    version = RuleVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound
    since = now - PERIOD
    total = _notes(version, since).count() + _comments(version, since).count()
    try:
        with transaction.atomic():
            run = DryRun.objects.create(
                version=version, asked_by=by, asked_at=now, since=since, total=total
            )
            services.note_tried(version, by, now)
            enqueue("rules.dry_run", key=run.pk, run=run.pk)
    except IntegrityError:
        raise Conflict(_("It is being tried already.")) from None
    return run


def go_on(run_id: int, *, now: datetime) -> bool:
    """Read the next batch; False when there is nothing left to do. May be called twice."""
    with transaction.atomic():
        run = (
            DryRun.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk=run_id, state=DryRun.State.RUNNING)
            .select_related("version__rule")
            .first()
        )
        if run is None:
            return False
        batch = list(_batch(run))
        _look(run, batch)
        run.read += len(batch)
        if batch:
            run.last_id = batch[-1].pk
        elif run.place == NOTE:
            run.place, run.last_id = COMMENT, 0
        else:
            _finish(run, now)
        run.save()
        if run.state == DryRun.State.RUNNING:
            enqueue("rules.dry_run", key=run.pk, run=run.pk)
    return run.state == DryRun.State.RUNNING


def _notes(version: RuleVersion, since: datetime) -> QuerySet[Note]:
    if NOTE not in version.places:
        return Note.objects.none()
    return texts.notes_to_read().filter(published_at__gt=since)


def _comments(version: RuleVersion, since: datetime) -> QuerySet[Comment]:
    if COMMENT not in version.places:
        return Comment.objects.none()
    return Comment.objects.filter(created_at__gt=since).select_related("author")


def _batch(run: DryRun) -> Iterator[Written]:
    """By id, which is about the order of writing; what came after the run began is left out."""
    until = run.asked_at
    if run.place == NOTE:
        notes = _notes(run.version, run.since).filter(pk__gt=run.last_id, published_at__lte=until)
        yield from map(texts.of_note, notes.order_by("pk")[:AT_ONCE])
    else:
        comments = _comments(run.version, run.since).filter(
            pk__gt=run.last_id, created_at__lte=until
        )
        yield from map(texts.of_comment, comments.order_by("pk")[:AT_ONCE])


def _look(run: DryRun, batch: list[Written]) -> None:
    condition, past = compiled_for(run.version), RowsPast()
    staff = set(
        User.objects.filter(pk__in={w.author_id for w in batch}, is_staff=True).values_list(
            "pk", flat=True
        )
    )
    rows = []
    for written in batch:
        if run.version.rule.kind == "burst":
            remember(written)
        if written.author_id in staff:
            continue
        if (found := condition.look(written, past)) is not None:
            rows.append(_row(run, written, [list(span) for span in found.spans]))
    run.hits += len(rows)
    room = max(0, KEPT - DryHit.objects.filter(run=run).count())
    DryHit.objects.bulk_create(rows[:room], ignore_conflicts=True)


def _row(run: DryRun, written: Written, spans: list[list[object]]) -> DryHit:
    return DryHit(
        run=run,
        note_id=written.pk if written.place == NOTE else None,
        comment_id=written.pk if written.place == COMMENT else None,
        author_id=written.author_id,
        spans=spans,
        digest=duplicates.digest(written.text),
        at=written.at,
    )


# ---------------------------------------------------------------- results
def _finish(run: DryRun, now: datetime) -> None:
    _fill_in(run)
    found = DryHit.objects.filter(run=run)
    told = found.aggregate(
        notes=Count("pk", filter=Q(note__isnull=False)),
        comments=Count("pk", filter=Q(comment__isnull=False)),
        authors=Count("author", distinct=True),
        hidden=Count("pk", filter=Q(decided__in=AGREED)),
        kept=Count("pk", filter=Q(decided__in=DISAGREED)),
        reach=Sum("impressions"),
    )
    told["reach"] = told["reach"] or 0
    run.results = told | {
        "undecided": told["notes"] + told["comments"] - told["hidden"] - told["kept"]
    }
    run.state, run.finished_at = DryRun.State.DONE, now


def _fill_in(run: DryRun) -> None:
    """What staff decided last on each hit, and how often each note was met."""
    rows = list(DryHit.objects.filter(run=run))
    notes = {row.note_id for row in rows if row.note_id}
    comments = {row.comment_id for row in rows if row.comment_id}
    met: dict[int, int] = import_string(settings.RULES_REACH)(notes)
    decided = _last_acts(NOTE, notes), _last_acts(COMMENT, comments)
    for row in rows:
        of_note, of_comment = decided
        row.decided = of_note.get(row.note_id or 0, "") or of_comment.get(row.comment_id or 0, "")
        row.impressions = met.get(row.note_id or 0, 0)
    DryHit.objects.bulk_update(rows, ["decided", "impressions"], batch_size=500)


def _last_acts(kind: str, ids: Collection[int]) -> dict[int, str]:
    """The last decision of people; what rules did says nothing of what people think."""
    rows = Decision.objects.filter(**{f"{kind}__in": ids}, moderator__isnull=False)
    return dict(rows.order_by("pk").values_list(f"{kind}_id", "act"))
