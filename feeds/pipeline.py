"""The machine that runs a feed's recipe. It knows no business rule and no Django.

A recipe is four named lists: sources propose candidates, filters drop some, a ranker scores them,
re-rankers order them. A source that fails is reported and left out; the page is still served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .policy import Policy


@dataclass(frozen=True, slots=True)
class Taste:
    """A viewer's interests as weights by primary key, decayed to now; all empty for a visitor.

    Each kind is scaled to a strongest weight of 1. `recent_tags` is this sitting alone.
    """

    tags: dict[int, float] = field(default_factory=dict)
    channels: dict[int, float] = field(default_factory=dict)
    authors: dict[int, float] = field(default_factory=dict)
    recent_tags: dict[int, float] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.tags or self.channels or self.authors)


@dataclass(frozen=True, slots=True)
class Mix:
    """How the viewer set their dials, each from -2 to 2; see feeds.models.Dials."""

    new: int = 0
    unknown: int = 0
    far: int = 0
    varied: int = 0
    by_time: bool = False
    # Codes of the languages they read; none for all.
    languages: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        return self == Mix()


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """Who asks for what, when, under which policy."""

    viewer_id: int | None
    now: datetime
    policy: Policy
    taste: Taste = field(default_factory=Taste)
    # Whether what is known of the viewer may be used at all; their blocks and wishes always are.
    personal: bool = True
    # Restrict to one channel (first-level channels include their parts).
    channel_id: int | None = None
    mix: Mix = field(default_factory=Mix)
    followed: frozenset[int] = frozenset()
    # The viewer's blurred city as (latitude, longitude).
    city: tuple[float, float] | None = None
    # What they want less of: (kind of LessOf, target) -> days since they said so.
    less: Mapping[tuple[int, int], float] = field(default_factory=dict)
    # Draws of exploration and of quality places; a fixed seed gives a fixed list.
    seed: int = 0
    # What lists that are built one after another in one job look up once; nothing of a viewer.
    shared: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, look_up: Callable[[], Any]) -> Any:
        """The answer kept in `shared`, looked up where it is not there yet."""
        if key not in self.shared:
            self.shared[key] = look_up()
        return self.shared[key]


# What moved a score, as (code, what it is about, share of the score): the card's receipt.
Signal = tuple[str, int, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A note that some source proposes, with why; scored and ordered later.

    `detail` is what the reason needs: a tag's or channel's id, a count. `facts` are the columns of
    LiveNote that filters and rankers read.
    """

    note_id: int
    source: str
    detail: int = 0
    match: float = 0.0
    facts: Any = None
    score: float = 0.0
    signals: tuple[Signal, ...] = ()
    # Probability with which it was put where it stands, given what stands above it.
    propensity: float = 1.0

    # Plain constructor calls: `dataclasses.replace` costs ten times as much, and a list of 240
    # makes some thousand candidates.
    def with_facts(self, facts: Any) -> Candidate:
        return Candidate(
            self.note_id, self.source, self.detail, self.match, facts, self.score, self.signals
        )

    def scored(self, score: float, signals: tuple[Signal, ...] | None = None) -> Candidate:
        why = self.signals if signals is None else signals
        return Candidate(self.note_id, self.source, self.detail, self.match, self.facts, score, why)

    def placed(self, propensity: float) -> Candidate:
        return Candidate(
            self.note_id, self.source, self.detail, self.match, self.facts, self.score,
            self.signals, propensity,
        )  # fmt: skip


class CandidateSource(Protocol):
    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        """Candidates with their reason, best first; the same note may come from several sources."""


class Filter(Protocol):
    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates that stay, in their order."""


class Ranker(Protocol):
    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        """All candidates, scored, best first."""


class Reranker(Protocol):
    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        """The same candidates in another order: none lost, none added."""


Complaint = Callable[[CandidateSource, Exception], None]


@dataclass(frozen=True)
class FeedPipeline:
    """A recipe: read it as a table of contents."""

    sources: Sequence[CandidateSource]
    filters: Sequence[Filter]
    ranker: Ranker
    rerankers: Sequence[Reranker]
    hydrate: Callable[[list[Candidate]], list[Candidate]]
    complain: Complaint

    def run(self, request: FeedRequest, *, limit: int) -> list[Candidate]:
        """The best `limit` candidates in the order to be shown.

        1. ask every source   2. merge what several propose   3. hydrate with facts
        4. filter             5. rank                         6. re-rank, cut
        """
        candidates = self.hydrate(merge(self._proposals(request)))
        for rule in self.filters:
            candidates = rule.keep(request, candidates)
        candidates = self.ranker.rank(request, candidates)
        for order in self.rerankers:
            candidates = order.rerank(request, candidates)
        return candidates[:limit]

    def _proposals(self, request: FeedRequest) -> Iterable[Candidate]:
        for source in self.sources:
            try:
                yield from list(source.propose(request))
            except Exception as error:  # a broken source costs itself only
                self.complain(source, error)


def merge(proposals: Iterable[Candidate]) -> list[Candidate]:
    """One candidate a note: the proposal with the strongest match speaks, in first-come order."""
    best: dict[int, Candidate] = {}
    for candidate in proposals:
        known = best.get(candidate.note_id)
        if known is None or candidate.match > known.match:
            best[candidate.note_id] = candidate
    return list(best.values())
