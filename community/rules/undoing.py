"""Take back what a version did: batch by batch, each hit once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from . import acting, wording
from .models import Hit, RuleChange, RuleVersion

Act = RuleVersion.Act
AT_ONCE = 100


def undo_some(version_id: int, *, now: datetime) -> int:
    """Undo the next hits of a version that was rolled back; how many were looked at."""
    version = RuleVersion.objects.filter(pk=version_id, state=RuleVersion.State.ROLLED_BACK)
    if not version.exists():
        return 0
    why = RuleChange.objects.filter(version=version_id, what=RuleChange.What.ROLLED_BACK).first()
    waiting = Hit.objects.filter(version=version_id, undone_at=None).exclude(
        done__in=("", Act.REFUSE)
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        _undo(pk, why=why.why if why else "", now=now)
    return len(ids)


def _undo(hit_id: int, *, why: str, now: datetime) -> None:
    with transaction.atomic():
        hit = (
            Hit.objects.select_for_update(of=("self",), no_key=True)
            .select_related("note__author", "comment__author", "decision")
            .filter(pk=hit_id, undone_at=None)
            .first()
        )
        if hit is None:
            return
        thing = hit.note or hit.comment
        if hit.decision is not None and thing is not None and not _is_held_by_another(hit):
            words = wording.undone(why)
            acting.release(thing, hit.decision, words=words, now=now)
        Hit.objects.filter(pk=hit.pk).update(undone_at=now)


def _is_held_by_another(hit: Hit) -> bool:
    """Whether another live version hits it as well: then the decision is that one's from now on."""
    others = Hit.objects.filter(
        note=hit.note, comment=hit.comment, version__state=RuleVersion.State.LIVE, undone_at=None
    )
    other = others.filter(done=hit.done).exclude(version=hit.version_id).order_by("-pk").first()
    if other is None:
        return False
    if other.decision_id is None:
        Hit.objects.filter(pk=other.pk).update(decision=hit.decision)
    return True
