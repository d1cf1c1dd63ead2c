"""What must hold between rules, their hits, and the decisions that these caused."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from community.moderation.models import Decision

from .models import Hit, RuleVersion

Found = Iterator[tuple[str, str, str]]
HOLDING = (Decision.Act.HIDE, Decision.Act.LIMIT, Decision.Act.LABEL)


def hit_differences() -> Found:
    """What a rule holds with no hit that stands for it, and hits of versions that never acted."""
    standing = Hit.objects.filter(decision=OuterRef("pk"), undone_at=None)
    held = Decision.objects.in_force().filter(by_rule=True, act__in=HOLDING)
    for pk in held.filter(~Exists(standing)).values_list("pk", flat=True):
        yield f"decision {pk}", "held by a rule", "by no hit"
    never = (RuleVersion.State.DRAFT, RuleVersion.State.SHADOW)
    acted = Hit.objects.filter(version__state__in=never).exclude(done="")
    for pk in acted.values_list("pk", flat=True):
        yield f"hit {pk}", "acted", "its version never did"
