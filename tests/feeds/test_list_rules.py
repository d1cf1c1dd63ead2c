"""What the pipeline and its re-rankers promise about any list."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.facts import Facts
from feeds.pipeline import Candidate, FeedPipeline, FeedRequest, merge
from feeds.policy import Policy
from feeds.rankers import FormulaRanker
from feeds.rerankers import PlaceByChannel, SpreadAuthors

NOW = datetime(2026, 11, 1, tzinfo=UTC)
REQUEST = FeedRequest(viewer_id=1, now=NOW, policy=Policy())


def candidate(note_id, author=1, channel=1, score=1.0, hours=1, popularity=0.1, source="fresh"):
    facts = Facts(
        author, channel, channel, NOW - timedelta(hours=hours), 0.5, True, popularity, 1.0
    )
    return Candidate(note_id, source, facts=facts, score=score)


lists = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 6), st.floats(0.01, 10)), max_size=60
).map(
    lambda rows: sorted(
        (
            candidate(n + 1, author, channel, score)
            for n, (author, channel, score) in enumerate(rows)
        ),
        key=lambda c: -c.score,
    )
)


@given(lists)
def test_rerankers_lose_and_add_nobody(candidates):
    for rule in (SpreadAuthors(), PlaceByChannel()):
        after = rule.rerank(REQUEST, candidates)
        assert Counter(c.note_id for c in after) == Counter(c.note_id for c in candidates)


@given(lists)
def test_no_channel_returns_within_the_window_while_others_remain(candidates):
    window = REQUEST.policy.discover.channel_window
    after = PlaceByChannel().rerank(REQUEST, candidates)
    channels = [c.facts.channel_id for c in after]
    for place, channel in enumerate(channels):
        recent = channels[max(0, place - window + 1) : place]
        if channel in recent:  # allowed only when every channel that remains was shown as recently
            assert set(channels[place:]) <= set(recent)


def test_the_second_note_of_an_author_falls_behind_an_equal_one_of_another():
    order = SpreadAuthors().rerank(
        REQUEST,
        [
            candidate(3, author=1),
            candidate(2, author=1, score=0.9),
            candidate(1, author=2, score=0.8),
        ],
    )
    assert [c.note_id for c in order] == [3, 1, 2]


def test_freshness_decides_between_equals_and_a_good_old_note_beats_a_poor_new_one():
    new, old = candidate(1, hours=1), candidate(2, hours=100)
    assert [c.note_id for c in FormulaRanker().rank(REQUEST, [old, new])] == [1, 2]
    good, poor = candidate(1, hours=200, popularity=0.5), candidate(2, hours=1, popularity=0.0)
    assert [c.note_id for c in FormulaRanker().rank(REQUEST, [poor, good])] == [1, 2]


def test_of_two_sources_the_stronger_match_gives_the_reason():
    merged = merge(
        [Candidate(1, "fresh"), Candidate(1, "tag", 9, match=0.8), Candidate(1, "hot", match=0.2)]
    )
    assert [(c.source, c.detail) for c in merged] == [("tag", 9)]


def test_a_source_that_fails_costs_only_itself():
    class Broken:
        def propose(self, request):
            raise RuntimeError("out of order")

    class Working:
        def propose(self, request):
            return [candidate(1)]

    complaints = []
    pipeline = FeedPipeline(
        sources=[Broken(), Working()],
        filters=[],
        ranker=FormulaRanker(),
        rerankers=[],
        hydrate=list,
        complain=lambda source, error: complaints.append(type(source).__name__),
    )
    assert [c.note_id for c in pipeline.run(REQUEST, limit=5)] == [1]
    assert complaints == ["Broken"]
