"""What values of the engine's settings make sense. Pure.

Each section has its rules: what must hold, and the sentence that names the setting if it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .policy import (
        Boosts,
        Covers,
        Discover,
        Follow,
        Guardrails,
        Hot,
        Insights,
        Interests,
        Learning,
        Nearby,
        Policy,
        Pools,
        Quality,
        Ranking,
        Search,
        Trust,
    )

Rules = list[tuple[bool, str]]

# Units that names of settings end with, and the most of each: ten years. Moments reckoned with more
# are beyond what the calendar has.
MOST_OF = {"days": 3_650, "hours": 87_600, "minutes": 5_256_000, "seconds": 315_360_000}
# What may take away.
SIGNED = frozenset({"interests.hide", "ranking.least_gain"})


def faults_of(policy: Policy) -> list[str]:
    """Settings that are numbers but make no sense."""
    rules = [
        *_rules_of_all(policy),
        *_pool_rules(policy.pools),
        *_quality_rules(policy.quality),
        *_interest_rules(policy.interests),
        *_discover_rules(policy.discover),
        *_follow_rules(policy.follow),
        *_nearby_rules(policy.nearby),
        *_hot_rules(policy.hot),
        *_ranking_rules(policy.ranking),
        *_search_rules(policy.search),
        *_learning_rules(policy.learning, policy.discover),
        *_trust_rules(policy.trust),
        *_guardrail_rules(policy.guardrails),
        *_boost_rules(policy.boosts),
        *_cover_rules(policy.covers),
        *_insight_rules(policy.insights),
    ]
    return [fault for holds, fault in rules if not holds]


def _rules_of_all(policy: Policy) -> Rules:
    """No setting is negative without a reason, and no time longer than anybody would wait."""
    rules: Rules = []
    for name, number in _numbers_in(policy):
        most = MOST_OF.get(name.rpartition(".")[2].rpartition("_")[2])
        if name not in SIGNED:
            rules.append((number >= 0, f"{name}: must not be negative"))
        if most is not None:
            rules.append((number <= most, f"{name}: must be at most {most}"))
    return rules


def _numbers_in(settings: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """(dotted name, value) of every number."""
    if is_dataclass(settings):
        for item in fields(settings):
            yield from _numbers_in(getattr(settings, item.name), f"{path}.{item.name}")
    elif isinstance(settings, tuple):
        for at, part in enumerate(settings):
            yield from _numbers_in(part, f"{path}[{at}]")
    elif not isinstance(settings, str):
        yield path[1:], settings


def _pool_rules(pools: Pools) -> Rules:
    bases = [tier.base for tier in pools.ladder]
    return [
        (len(pools.ladder) >= 1, "pools.ladder: needs at least one tier"),
        (all(base >= 1 for base in bases), "pools.ladder: every promise must be at least 1"),
        (bases == sorted(bases), "pools.ladder: promises must not shrink from tier to tier"),
        (all(tier.hours >= 1 for tier in pools.ladder), "pools.ladder: hours must be at least 1"),
        (
            len({tier.name for tier in pools.ladder}) == len(bases),
            "pools.ladder: names must differ",
        ),
        (0 < pools.upper_share <= 1, "pools.upper_share: must be above 0 and at most 1"),
        (0 <= pools.quality_bar <= 1, "pools.quality_bar: must be from 0 to 1"),
        (0 <= pools.wilson_z <= 5, "pools.wilson_z: must be from 0 to 5"),
        (pools.gate_factor > 0, "pools.gate_factor: must be above 0"),
        (0 < pools.prior_rate < 1, "pools.prior_rate: must be between 0 and 1"),
        (
            0 <= pools.cooldown_minutes <= 24 * 60,
            "pools.cooldown_minutes: must be from 0 to 1440",
        ),
        (
            0 <= pools.second_look_from <= len(bases),
            "pools.second_look_from: must be 0 or a pool of the ladder, one more for hot",
        ),
        (
            pools.second_look_late in ("rises", "stays"),
            "pools.second_look_late: must be rises or stays",
        ),
        (
            1 <= pools.second_look_hours <= 14 * 24,
            "pools.second_look_hours: must be from 1 to 336",
        ),
        (pools.slot_every >= 2, "pools.slot_every: must be at least 2"),
        (0 < pools.author_share <= 1, "pools.author_share: must be above 0, at most 1"),
        (0 <= pools.over_delivery <= 0.5, "pools.over_delivery: must be from 0 to 0.5"),
        (pools.reservation_minutes >= 1, "pools.reservation_minutes: must be at least 1"),
        (pools.promoted_factor >= 1, "pools.promoted_factor: must be at least 1"),
    ]


def _quality_rules(quality: Quality) -> Rules:
    return [
        (
            0 <= quality.least_originality <= 1,
            "quality.least_originality: must be from 0 to 1",
        ),
        (quality.learn_impressions >= 1, "quality.learn_impressions: must be at least 1"),
        (quality.learn_notes >= 50, "quality.learn_notes: must be at least 50"),
        (quality.prior_notes >= 1, "quality.prior_notes: must be at least 1"),
    ]


def _interest_rules(interests: Interests) -> Rules:
    return [
        (interests.half_life_days > 0, "interests.half_life_days: must be above 0"),
        (
            interests.recent_half_life_minutes > 0,
            "interests.recent_half_life_minutes: must be above 0",
        ),
        (0 <= interests.recent_share <= 5, "interests.recent_share: must be from 0 to 5"),
    ]


def _discover_rules(discover: Discover) -> Rules:
    return [
        (5 <= discover.page_size <= 50, "discover.page_size: must be from 5 to 50"),
        (
            discover.page_size <= discover.list_size <= 1_000,
            "discover.list_size: must be from one page to 1000",
        ),
        (0 <= discover.author_floor <= 1, "discover.author_floor: must be from 0 to 1"),
        (0 <= discover.author_decay <= 1, "discover.author_decay: must be from 0 to 1"),
        (
            discover.freshness_half_life_hours > 0,
            "discover.freshness_half_life_hours: must be above 0",
        ),
        (discover.seen_days >= 1, "discover.seen_days: must be at least 1"),
        (discover.less_days >= 1, "discover.less_days: must be at least 1"),
        (discover.less_return_days >= 1, "discover.less_return_days: must be at least 1"),
        (0 <= discover.less_floor <= 1, "discover.less_floor: must be from 0 to 1"),
        (
            discover.diversity in ("mmr", "dpp", "ssd", "off"),
            "discover.diversity: must be mmr, dpp, ssd or off",
        ),
        (0 <= discover.diversity_weight <= 1, "discover.diversity_weight: must be from 0 to 1"),
        (1 <= discover.diverse_head <= 300, "discover.diverse_head: must be from 1 to 300"),
        (10 <= discover.diverse_pool <= 1_000, "discover.diverse_pool: must be from 10 to 1000"),
        (discover.quality_every >= 5, "discover.quality_every: must be at least 5"),
        (0 <= discover.explore_share <= 0.5, "discover.explore_share: must be from 0 to 0.5"),
        (2 <= discover.explore_window <= 100, "discover.explore_window: must be from 2 to 100"),
        (0 <= discover.dial_step <= 2, "discover.dial_step: must be from 0 to 2"),
    ]


def _follow_rules(follow: Follow) -> Rules:
    return [
        (1 <= follow.cap <= 10_000, "follow.cap: must be from 1 to 10000"),
    ]


def _nearby_rules(nearby: Nearby) -> Rules:
    return [
        (0 < nearby.radius_km <= 1_000, "nearby.radius_km: must be above 0, at most 1000"),
        (0.01 <= nearby.cell_degrees <= 5, "nearby.cell_degrees: must be from 0.01 to 5"),
        (
            list(nearby.bands_km) == sorted(nearby.bands_km),
            "nearby.bands_km: must grow",
        ),
    ]


def _hot_rules(hot: Hot) -> Rules:
    return [
        (0 < hot.gravity <= 5, "hot.gravity: must be above 0, at most 5"),
        (hot.per_author >= 1, "hot.per_author: must be at least 1"),
        (1 <= hot.topic_share <= 10, "hot.topic_share: must be from 1 to 10"),
        (0 < hot.repeat_factor <= 1, "hot.repeat_factor: must be above 0, at most 1"),
        (0 <= hot.burst_weight <= 5, "hot.burst_weight: must be from 0 to 5"),
        (0 <= hot.wilson_z <= 5, "hot.wilson_z: must be from 0 to 5"),
        (1 <= hot.list_size <= 1_000, "hot.list_size: must be from 1 to 1000"),
    ]


def _search_rules(search: Search) -> Rules:
    return [
        (50 <= search.candidates <= 5_000, "search.candidates: must be from 50 to 5000"),
        (0 <= search.freshness <= 5, "search.freshness: must be from 0 to 5"),
        (
            search.freshness_half_life_days > 0,
            "search.freshness_half_life_days: must be above 0",
        ),
        (0 <= search.quality <= 5, "search.quality: must be from 0 to 5"),
        (0 <= search.popularity <= 5, "search.popularity: must be from 0 to 5"),
        (0 <= search.personal <= 5, "search.personal: must be from 0 to 5"),
        (search.popular_people >= 2, "search.popular_people: must be at least 2"),
    ]


def _guardrail_rules(guards: Guardrails) -> Rules:
    shares = ("engagement", "unwanted", "reports", "promise", "empty")
    return [
        (guards.rollback in ("on", "off"), "guardrails.rollback: must be on or off"),
        (1 <= guards.watch_hours <= 720, "guardrails.watch_hours: must be from 1 to 720"),
        (guards.least_impressions >= 100, "guardrails.least_impressions: must be at least 100"),
        (guards.least_units >= 10, "guardrails.least_units: must be at least 10"),
        (0 < guards.alpha <= 0.2, "guardrails.alpha: must be above 0, at most 0.2"),
        *(
            (0 <= getattr(guards, name) <= 10, f"guardrails.{name}: must be from 0 to 10")
            for name in shares
        ),
    ]


def _cover_rules(covers: Covers) -> Rules:
    return [
        (covers.test in ("on", "off"), "covers.test: must be on or off"),
        (
            10 <= covers.least_impressions <= 10_000,
            "covers.least_impressions: must be from 10 to 10000",
        ),
        (0 < covers.alpha <= 0.5, "covers.alpha: must be above 0, at most 0.5"),
    ]


def _ranking_rules(ranking: Ranking) -> Rules:
    return [
        (
            ranking.ranker in ("learnt", "formula"),
            "ranking.ranker: must be learnt or formula",
        ),
        (0 <= ranking.long_read <= 100, "ranking.long_read: must be from 0 to 100"),
        (0 <= ranking.hide <= 100, "ranking.hide: must be from 0 to 100"),
        (0 <= ranking.small_author <= 1, "ranking.small_author: must be from 0 to 1"),
        (0 <= ranking.near <= 10, "ranking.near: must be from 0 to 10"),
        (0 <= ranking.log_share <= 1, "ranking.log_share: must be from 0 to 1"),
        (1 <= ranking.log_places <= 1_000, "ranking.log_places: must be from 1 to 1000"),
        (1 <= ranking.log_days <= 400, "ranking.log_days: must be from 1 to 400"),
        (1 <= ranking.label_hours <= 168, "ranking.label_hours: must be from 1 to 168"),
        (ranking.least_impressions >= 100, "ranking.least_impressions: must be at least 100"),
        (
            ranking.least_impressions <= ranking.most_impressions <= 10_000_000,
            "ranking.most_impressions: must be from the least to 10000000",
        ),
        (ranking.least_positives >= 10, "ranking.least_positives: must be at least 10"),
        (ranking.most_per_person >= 1, "ranking.most_per_person: must be at least 1"),
        (ranking.most_acts_per_hour >= 1, "ranking.most_acts_per_hour: must be at least 1"),
        (-1 <= ranking.least_gain <= 1, "ranking.least_gain: must be from -1 to 1"),
        (0 < ranking.worst_calibration <= 10, "ranking.worst_calibration: must be above 0"),
        (ranking.oldest_days >= 1, "ranking.oldest_days: must be at least 1"),
    ]


def _learning_rules(learning: Learning, discover: Discover) -> Rules:
    return [
        (
            learning.method in ("gfcf", "ease", "als"),
            "learning.method: must be gfcf, ease or als",
        ),
        (
            2 <= learning.ease_most_notes <= 15_000,
            "learning.ease_most_notes: must be from 2 to 15000",
        ),
        (learning.ease_penalty > 0, "learning.ease_penalty: must be above 0"),
        (2 <= learning.factors <= 512, "learning.factors: must be from 2 to 512"),
        (1 <= learning.neighbours <= 500, "learning.neighbours: must be from 1 to 500"),
        (1 <= learning.least_together <= 100, "learning.least_together: must be from 1 to 100"),
        (1 <= learning.days <= 3_650, "learning.days: must be from 1 to 3650"),
        (2 <= learning.most_notes <= 10_000, "learning.most_notes: must be from 2 to 10000"),
        (2 <= learning.most_people <= 10_000_000, "learning.most_people: must be at least 2"),
        (1 <= learning.every_hours <= 720, "learning.every_hours: must be from 1 to 720"),
        (1 <= learning.profile_notes <= 400, "learning.profile_notes: must be from 1 to 400"),
        (learning.profile_half > 0, "learning.profile_half: must be above 0"),
        (1 <= learning.cold_days <= 365, "learning.cold_days: must be from 1 to 365"),
        (0 <= discover.similar <= 1_000, "discover.similar: must be from 0 to 1000"),
        (0 <= discover.liked_by <= 1_000, "discover.liked_by: must be from 0 to 1000"),
        (0 <= discover.readers <= 1_000, "discover.readers: must be from 0 to 1000"),
        (0 <= discover.predicted <= 1_000, "discover.predicted: must be from 0 to 1000"),
    ]


def _trust_rules(trust: Trust) -> Rules:
    return [
        (0 <= trust.least_weight <= 1, "trust.least_weight: must be from 0 to 1"),
        (1 <= trust.days <= 90, "trust.days: must be from 1 to 90"),
        (1_000 <= trust.most_acts <= 10_000_000, "trust.most_acts: must be from 1000 to 10000000"),
        (2 <= trust.least_members <= 1_000, "trust.least_members: must be from 2 to 1000"),
        (0 <= trust.least_people <= 1_000_000, "trust.least_people: must be from 0 to 1000000"),
        (0 < trust.most_share <= 1, "trust.most_share: must be above 0, at most 1"),
        (0 < trust.similarity <= 1, "trust.similarity: must be above 0, at most 1"),
        (2 <= trust.least_together <= 1_000, "trust.least_together: must be from 2 to 1000"),
        (7 <= trust.keep_days <= 366, "trust.keep_days: must be from 7 to 366"),
    ]


def _boost_rules(boosts: Boosts) -> Rules:
    return [
        (
            1 <= boosts.per_thousand <= 1_000_000_000,
            "boosts.per_thousand: must be from 1 to 1000000000",
        ),
        (boosts.least_impressions >= 1, "boosts.least_impressions: must be at least 1"),
        (
            boosts.least_impressions <= boosts.most_impressions <= 100_000_000,
            "boosts.most_impressions: must be from the least to 100000000",
        ),
        (1 <= boosts.most_days <= 366, "boosts.most_days: must be from 1 to 366"),
        (0 <= boosts.ahead_days <= 366, "boosts.ahead_days: must be from 0 to 366"),
        (9 <= boosts.slot_every <= 1_000, "boosts.slot_every: must be from 9 to 1000"),
        (1 <= boosts.most_per_reader <= 100, "boosts.most_per_reader: must be from 1 to 100"),
        (0 < boosts.slack <= 0.5, "boosts.slack: must be above 0, at most 0.5"),
        (
            1 <= boosts.reservation_minutes <= 60,
            "boosts.reservation_minutes: must be from 1 to 60",
        ),
    ]


def _insight_rules(insights: Insights) -> Rules:
    return [
        (
            insights.keep_event_days == 0 or insights.keep_event_days >= 30,
            "insights.keep_event_days: must be 0 or at least 30",
        ),
        (insights.least_people >= 2, "insights.least_people: must be at least 2"),
        (insights.least_impressions >= 1, "insights.least_impressions: must be at least 1"),
        (0 < insights.broad_share <= 1, "insights.broad_share: must be above 0 and at most 1"),
        (
            10 <= insights.similar_notes <= 500,
            "insights.similar_notes: must be from 10 to 500",
        ),
    ]
