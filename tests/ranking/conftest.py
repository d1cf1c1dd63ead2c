from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.facts import Facts
from feeds.pipeline import Candidate, FeedRequest, Taste
from feeds.policy import Policy

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def with_ranking(policy: Policy, **settings: Any) -> Policy:
    return replace(policy, ranking=replace(policy.ranking, **settings))


@pytest.fixture
def always_logged() -> Policy:
    return with_ranking(Policy(), log_share=1.0)


@pytest.fixture
def request_of(always_logged: Policy) -> Callable[..., FeedRequest]:
    def make(viewer_id: int | None, **given: Any) -> FeedRequest:
        given = {"taste": Taste(tags={1: 1.0}), "policy": always_logged, "now": NOW} | given
        return FeedRequest(viewer_id=viewer_id, **given)

    return make


@pytest.fixture
def candidate() -> Callable[..., Candidate]:
    def make(note_id: int, **given: Any) -> Candidate:
        facts = {
            "author_id": 1, "channel_id": 3, "root_channel_id": 3, "quality": 0.5,
            "published_at": NOW - timedelta(hours=note_id), "recommended": True,
            "popularity": 0.05, "boost": 1.0, "tags": (note_id % 3,),
        } | given.pop("facts", {})  # fmt: skip
        return Candidate(note_id, "fresh", facts=Facts(**facts), **given)

    return make
