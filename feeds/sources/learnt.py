"""Sources that learnt from behaviour: without a model in force they propose nothing.

Only for people with personal recommendations on. What they engaged with is looked up once a list
and kept with the recipe, never in what lists of different people share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from accounts.prepared import Prepared
from feeds.facts import tags_of
from feeds.learning import standing
from feeds.learning.behaviour import acts_of, engaged, strengths
from feeds.learning.folding import Floats, Ints, best, rows_of
from feeds.models import Event, LiveNote
from feeds.pipeline import Candidate, FeedRequest
from feeds.remembered import Remembered

Kind = Event.Kind
# Latest acts of the viewer that are looked at.
ACTS_READ = 400
# The best of a source has this match; less than a strongest tag, as a follow.
STRONGEST_MATCH = 0.4
# New notes that predictions are made for, and how long they are kept.
MOST_NEW = 2_000
_new_notes: Remembered[tuple[Ints, Floats]] = Remembered(most=4, seconds=60)


@dataclass(frozen=True, slots=True)
class Profile:
    """Notes the viewer engaged with, newest first, with weights; all of them, to leave out."""

    notes: Ints
    weights: Floats
    known: Ints

    def rows_in(self, notes: Ints) -> tuple[Ints, Floats]:
        """(rows among these sorted notes, their weights) of the profile's notes found there."""
        rows = rows_of(notes, self.notes)
        return rows[rows >= 0], self.weights[rows >= 0]


class EngagedNotes:
    """The viewer's profile, looked up at the first question about a request."""

    def __init__(self) -> None:
        self._of: tuple[FeedRequest, Profile] | None = None

    def of(self, request: FeedRequest) -> Profile | None:
        """None for visitors and where nothing personal may be used."""
        if request.viewer_id is None or not request.personal:
            return None
        if self._of is None or self._of[0] is not request:
            self._of = (request, _profile(request))
        return self._of[1]


def _profile(request: FeedRequest) -> Profile:
    rules, interests = request.policy.learning, request.policy.interests
    acts = acts_of(
        _latest_acts((*strengths(interests), Kind.UNLIKE, Kind.UNCOLLECT, Kind.HIDE))(
            request.viewer_id
        )
    )
    latest = engaged(acts, interests, most=rules.profile_notes)
    fading = 0.5 ** (np.arange(len(latest.note)) / rules.profile_half)
    return Profile(latest.note, (latest.weight * fading).astype(np.float32), np.unique(acts.note))


@cache
def _latest_acts(kinds: tuple[int, ...]) -> Prepared:
    """A person's acts of these kinds as rows for acts_of, newest first."""
    columns = ("person_id", "note_id", "kind", "value")
    return Prepared(
        lambda person: (
            Event.objects.filter(person=person, kind__in=kinds)
            .order_by("-pk")
            .values_list(*columns)[:ACTS_READ]
        ),
        int,
    )


class SimilarNotes:
    """Notes that the same people engaged with as the viewer's latest notes."""

    def __init__(self, profiles: EngagedNotes) -> None:
        self.profiles = profiles

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        profile = self.profiles.of(request)
        model = standing.neighbours() if profile is not None else None
        if profile is None or model is None:
            return
        rows, weights = profile.rows_in(model.notes)
        if len(rows):
            scores = model.scores(rows, weights)
            most = request.policy.discover.similar
            yield from _candidates("similar", model.notes, scores, profile, most)


class SimilarReaders:
    """What people with the viewer's taste engage with: their notes folded into the factors."""

    def __init__(self, profiles: EngagedNotes) -> None:
        self.profiles = profiles

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        profile = self.profiles.of(request)
        model = standing.factors() if profile is not None else None
        if profile is None or model is None:
            return
        rows, weights = profile.rows_in(model.notes)
        if len(rows):
            scores = model.scores(rows, weights)
            yield from _candidates(
                "readers", model.notes, scores, profile, request.policy.discover.readers
            )


class ColdNotes:
    """New notes without behaviour whose tags predict what the viewer's notes have."""

    def __init__(self, profiles: EngagedNotes) -> None:
        self.profiles = profiles

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        profile = self.profiles.of(request)
        model = standing.factors() if profile is not None else None
        if profile is None or model is None:
            return
        rows, weights = profile.rows_in(model.notes)
        new = _new(request.now, request.policy.learning.cold_days)
        if new is not None and len(rows) and len(new[0]):
            scores = new[1] @ model.taste(rows, weights)
            yield from _candidates(
                "predicted", new[0], scores, profile, request.policy.discover.predicted
            )


def _candidates(
    source: str, notes: Ints, scores: Floats, profile: Profile, most: int
) -> Iterable[Candidate]:
    """The best notes that the viewer has not engaged with lately."""
    scores = np.array(scores, copy=True)
    own = rows_of(notes, profile.known)
    scores[own[own >= 0]] = 0
    rows = best(scores, most)
    if not len(rows):
        return
    matches = STRONGEST_MATCH * scores[rows] / scores[rows[0]]
    for note_id, match in zip(notes[rows].tolist(), matches.tolist(), strict=True):
        yield Candidate(note_id, source, match=match)


def _new(now: datetime, days: int) -> tuple[Ints, Floats] | None:
    """(ids, predicted factors) of live notes of these days that the factors do not know.

    The same for everybody, hence remembered; whether they are still live is asked by hydrate.
    """
    found, model = standing.predictions(), standing.factors()
    if found is None or model is None:
        return None
    versions, predictions = found
    key = (*versions, days)
    if (known := _new_notes.get(key)) is not None:
        return known
    newest = LiveNote.objects.filter(recommended=True, published_at__gt=now - timedelta(days=days))
    ids = newest.order_by("-published_at").values_list("note_id", flat=True)[:MOST_NEW]
    notes = np.array(sorted(ids), np.int64)
    notes = notes[rows_of(model.notes, notes) < 0]
    tags = defaultdict(list)
    for note_id, tag_id in tags_of(notes.tolist()):
        tags[note_id].append(tag_id)
    predicted = predictions.predict([tags[note_id] for note_id in notes.tolist()])
    return _new_notes.put(key, (notes, predicted))
