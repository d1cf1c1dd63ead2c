"""What must hold of cover tests whatever happened (feeds/invariants.py)."""

from __future__ import annotations

from collections.abc import Iterator

from community.models import NoteImage
from feeds.differences import Difference

from .models import CoverTest
from .rules import State, judge


def halves_apart() -> Iterator[Difference]:
    """Notes that show two covers and are not tested, or are tested and show one."""
    shown = set(
        NoteImage.objects.filter(second_cover=NoteImage.SecondCover.SHOWN).values_list(
            "note_id", flat=True
        )
    )
    tested = set(CoverTest.objects.filter(state=State.RUNNING).values_list("note_id", flat=True))
    for pk in sorted(shown - tested):
        yield Difference(f"note {pk}", "two covers shown", "no test runs")
    for pk in sorted(tested - shown):
        yield Difference(f"note {pk}", "under test", "one cover shown")


def unfounded_decisions() -> Iterator[Difference]:
    """Tests whose figures do not lead to what was decided."""
    judged = CoverTest.objects.filter(state__in=[State.DECIDED, State.CLOSE]).order_by("pk")
    for test in judged.iterator():
        first, second, rules = test.at_the_end()
        found = judge(first, second, over=True, rules=rules)
        if (found.state, found.kept) != (test.state, test.kept):
            said = f"{test.state} {test.kept}"
            yield Difference(f"note {test.pk}", said, f"{found.state} {found.kept}")
