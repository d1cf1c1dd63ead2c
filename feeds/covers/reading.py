"""What the pool page tells of a cover test: both covers with their figures, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from community.models import Note, NoteImage
from community.pictures_shown import picture_of
from community.services.covers import own_pictures
from feeds.policies import current
from feeds.policy import Covers

from .counting import count
from .models import CoverTest
from .rules import Comparison, Figures, Kept, State, compare, enough
from .services import may_begin

SENTENCES: dict[tuple[str, str], Promise] = {
    (State.RUNNING, ""): gettext_lazy(
        "Both covers are being shown, each to one half of the readers."
    ),
    (State.DECIDED, Kept.FIRST): gettext_lazy(
        "Decided: the first cover was opened more often, and it stays."
    ),
    (State.DECIDED, Kept.SECOND): gettext_lazy(
        "Decided: the second cover was opened more often, and it stays."
    ),
    (State.CLOSE, Kept.FIRST): gettext_lazy("Too close to call; the first stays."),
    (State.STOPPED, Kept.FIRST): gettext_lazy("You stopped the test and kept the first cover."),
    (State.STOPPED, Kept.SECOND): gettext_lazy("You stopped the test and kept the second cover."),
    (State.ENDED, Kept.FIRST): gettext_lazy("The test ended undecided; the first stays."),
}
TOO_FEW = gettext_lazy("Too few people saw each cover to judge; the first stays.")
WAITS = gettext_lazy("Your second cover is being prepared; its test begins when it is ready.")
MISSED = gettext_lazy(
    "Your second cover is not tested: that begins before the first view in the first pool, with"
    " both pictures ready."
)


@dataclass(frozen=True, slots=True)
class CoverShown:
    """One of the two, with its figures. `src` is empty when the picture is gone."""

    picture: int
    src: str
    alt: str
    seen: int
    opens: int
    open_rate: float
    engagement: float
    stays: bool


@dataclass(frozen=True, slots=True)
class CoverTestView:
    state: str
    sentence: str
    # Why it ended where it was not decided.
    why: str
    kept: str
    first: CoverShown
    second: CoverShown
    # Opens per view of the second less those of the first; None until both were seen.
    difference: float | None
    low: float | None
    high: float | None
    # How sure the interval is, 0 to 1, at all looks together; views of each before it is judged.
    sure: float
    least_impressions: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A picture that may still be made the second cover."""

    picture: int
    src: str
    alt: str


def cover_test_of(note: Note, *, now: datetime) -> CoverTestView | None:
    test = CoverTest.objects.filter(pk=note.pk).first()
    if test is None:
        return None
    first, second, rules = _standing(test, now)
    found = compare(first, second, alpha=rules.alpha)
    images = NoteImage.objects.filter(note=note).in_bulk([test.first, test.second])
    kept = test.kept
    return CoverTestView(
        state=test.state,
        sentence=str(_sentence(test, first, second, rules)),
        why=test.get_why_display(),
        kept=kept,
        first=_shown(test.first, images, first, stays=kept == Kept.FIRST),
        second=_shown(test.second, images, second, stays=kept == Kept.SECOND),
        sure=1 - rules.alpha,
        least_impressions=rules.least_impressions,
        started_at=test.started_at,
        ended_at=test.ended_at,
        **_interval(found),
    )


def _standing(test: CoverTest, now: datetime) -> tuple[Figures, Figures, Covers]:
    """Figures and rules: as they are now, or as they were when it ended."""
    if test.state == State.RUNNING:
        return *count(test, until=now), current()[1].covers
    return test.at_the_end()


def _sentence(test: CoverTest, first: Figures, second: Figures, rules: Covers) -> Promise:
    if test.state == State.CLOSE and not enough(first, second, rules):
        return TOO_FEW
    return SENTENCES[test.state, test.kept]


def _shown(
    picture_id: int, images: dict[int, NoteImage], figures: Figures, *, stays: bool
) -> CoverShown:
    image = images.get(picture_id)
    return CoverShown(
        picture=picture_id,
        src=picture_of(image).src if image else "",
        alt=image.alt if image else "",
        seen=figures.seen,
        opens=figures.opens,
        open_rate=figures.open_rate,
        engagement=figures.engagement,
        stays=stays,
    )


def _interval(found: Comparison | None) -> dict[str, float | None]:
    if found is None:
        return {"difference": None, "low": None, "high": None}
    return {"difference": found.difference, "low": found.low, "high": found.high}


def waiting_words(note: Note) -> str:
    """What becomes of a second cover that was chosen and is not under test; "" where none was."""
    if not note.images.filter(second_cover=NoteImage.SecondCover.CHOSEN).exists():
        return ""
    return str(WAITS if current()[1].covers.test == "on" and may_begin(note.pk) else MISSED)


def choices_of(note: Note) -> list[Choice]:
    """Pictures that may be made the second cover now; none where it is too late."""
    if current()[1].covers.test != "on" or not may_begin(note.pk):
        return []
    ready = [image for image in own_pictures(note)[1:] if image.state == NoteImage.State.READY]
    return [Choice(image.pk, picture_of(image).src, image.alt) for image in ready]
