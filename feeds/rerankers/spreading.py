"""Nobody and nothing floods a list: authors fade, and the head of the list is made varied."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from pyversity import diversify

from feeds.pipeline import Candidate, FeedRequest

from .wishes import by_score

# Columns that tags are hashed into; with a few tags a note, collisions are rare and harmless.
WIDTH = 96
# What notes have in common counts by how much it makes them look alike.
TAG, SUBJECT, ROOT, AUTHOR = 1.0, 1.0, 0.5, 0.7
# One step of the "varied" dial adds or takes this share of the policy's weight.
DIAL_SHARE = 0.5


class SpreadAuthors:
    """The k-th note of one author counts (1-f)*d^k + f of its score, so that none floods a page."""

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        decay, floor = request.policy.discover.author_decay, request.policy.discover.author_floor
        notes_of: dict[int, int] = defaultdict(int)
        adjusted = []
        for candidate in candidates:
            nth = notes_of[candidate.facts.author_id]
            notes_of[candidate.facts.author_id] += 1
            adjusted.append(candidate.scored(candidate.score * ((1 - floor) * decay**nth + floor)))
        return by_score(adjusted)


class MakeVaried:
    """The head of the list by relevance and difference: MMR, DPP or SSD over tags and subjects.

    MMR: Carbonell and Goldstein 1998; DPP: Chen et al. 2018; SSD: Huang et al. 2021; as
    implemented by pyversity. What is not chosen for the head follows in its order.
    """

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        rules = request.policy.discover
        weight = varied_weight(rules.diversity_weight, request.mix.varied)
        pool = candidates[: rules.diverse_pool]
        if rules.diversity == "off" or weight <= 0 or len(pool) < 3:
            return candidates
        scores = np.array([c.score for c in pool], dtype=np.float32)
        # Scaled to at most 1, so that the weight means the same in every list.
        scores /= max(float(scores.max()), 1e-9)
        # Notes that are all alike leave DPP nothing to divide by; its order is still one.
        with np.errstate(all="ignore"):
            chosen = diversify(
                likeness_vectors(pool),
                scores,
                k=min(rules.diverse_head, len(pool)),
                strategy=rules.diversity,
                diversity=weight,
            ).indices.tolist()
        taken = set(chosen)
        rest = [c for place, c in enumerate(pool) if place not in taken]
        return [pool[place] for place in chosen] + rest + candidates[len(pool) :]


def varied_weight(weight: float, dial: int) -> float:
    """The policy's weight as the viewer's dial moves it: none at -2, double at 2, below 0.9."""
    return min(0.9, max(0.0, weight * (1 + DIAL_SHARE * dial)))


def likeness_vectors(candidates: list[Candidate]) -> NDArray[np.float32]:
    """What each note is about as a row of WIDTH columns; likeness is the cosine of two rows."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, candidate in enumerate(candidates):
        facts = candidate.facts
        things = [(0, facts.channel_id, SUBJECT), (1, facts.root_channel_id, ROOT)]
        things.append((2, facts.author_id, AUTHOR))
        things += [(3, tag, TAG) for tag in facts.tags]
        for kind, target, value in things:
            rows.append(row)
            # Multiplicative hashing (Knuth): neighbours in the table land far apart.
            columns.append(((target * 4 + kind) * 2_654_435_761 % 2**32) * WIDTH >> 32)
            values.append(value)
    vectors = np.zeros((len(candidates), WIDTH), dtype=np.float32)
    np.add.at(vectors, (rows, columns), values)
    return vectors
