"""What a rule could not look at when it was written, looked at a little later, once.

A write that read the book just before a rule went live may be committed just after. So all that
carries a later time than the rule's first moment is looked at again while the rule is young; a hit
is unique for each text, so nothing is done twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from community.models import Comment
from community.outbox.jobs import enqueue

from . import judging, texts
from .matching import NOTE
from .models import DryRun, Hit, RuleVersion, Said

# Longer than any write takes.
YOUNG = timedelta(minutes=10)
# Texts are compared over at most so many days (conditions.LONGEST_WINDOW).
SAID_IS_KEPT = timedelta(days=31)
AT_ONCE = 500


def catch_up(version_id: int, *, now: datetime) -> int:
    """Look at what was written since a live version's first moment; how many texts."""
    version = RuleVersion.objects.filter(pk=version_id, state=RuleVersion.State.LIVE).first()
    if version is None:
        return 0
    notes = texts.notes_to_read().filter(published_at__gte=version.since)
    edited = texts.notes_to_read().filter(edited_at__gte=version.since)
    ids = {*notes.values_list("pk", flat=True)[:AT_ONCE]}
    ids |= {*edited.values_list("pk", flat=True)[:AT_ONCE]}
    comments = Comment.objects.filter(created_at__gte=version.since, deleted_at=None)
    said = list(comments.values_list("pk", flat=True)[:AT_ONCE])
    for pk in sorted(ids):
        look_again(NOTE, pk, now=now)
    for pk in said:
        look_again("comment", pk, now=now)
    return len(ids) + len(said)


def look_again(place: str, pk: int, *, now: datetime) -> None:
    """Judge a note or comment as it stands; one that is gone or hidden is left."""
    with transaction.atomic():
        if place == NOTE:
            note = texts.notes_to_read().filter(pk=pk, deleted_at=None, hidden_at=None).first()
            if note is not None:
                at = note.edited_at or note.published_at or now
                judging.judge_note(note, now=now, at=at, is_new=True, may_refuse=False)
            return
        there = Comment.objects.select_related("author")
        comment = there.filter(pk=pk, deleted_at=None, hidden_at=None).first()
        if comment is not None:
            judging.judge_comment(comment, now=now, may_refuse=False)


def keep(*, now: datetime) -> int:
    """Do again what lost jobs were to do; how much was found."""
    young = RuleVersion.objects.filter(state=RuleVersion.State.LIVE, since__gt=now - YOUNG)
    done = sum(catch_up(pk, now=now) for pk in list(young.values_list("pk", flat=True)))
    for pk in DryRun.objects.filter(state=DryRun.State.RUNNING).values_list("pk", flat=True):
        enqueue("rules.dry_run", key=pk, run=pk)
    rolled_back = Hit.objects.filter(
        version__state=RuleVersion.State.ROLLED_BACK, undone_at=None
    ).exclude(done="")
    for pk in set(rolled_back.exclude(done="refuse").values_list("version", flat=True)):
        enqueue("rules.undo", key=pk, version=pk)
    Said.objects.filter(at__lt=now - SAID_IS_KEPT).delete()
    return done
