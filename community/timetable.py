"""When Celery beat rings which task. Each takes its slot once, however many beats there are
(`community/outbox/schedule.py`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

TIMETABLE: dict[str, dict[str, Any]] = {
    "sweep-outbox": {"task": "outbox.sweep", "schedule": timedelta(seconds=10)},
    "expire-records": {"task": "outbox.expire", "schedule": timedelta(hours=1)},
    "repair-search": {"task": "community.repair_search", "schedule": timedelta(minutes=10)},
    "repair-originality": {"task": "originality.repair", "schedule": timedelta(minutes=10)},
    "publish-what-is-due": {"task": "schedules.look", "schedule": timedelta(seconds=20)},
    "ring-for-webhooks": {"task": "webhooks.ring", "schedule": timedelta(seconds=15)},
    "end-decisions": {"task": "moderation.end_decisions", "schedule": timedelta(seconds=30)},
    "weigh-cases": {"task": "moderation.weigh_cases", "schedule": timedelta(minutes=5)},
    "keep-rules": {"task": "rules.keep", "schedule": timedelta(minutes=1)},
    "keep-brands": {"task": "brands.keep", "schedule": timedelta(hours=1)},
    "ring-for-pushes": {"task": "notify.pushes", "schedule": timedelta(seconds=15)},
    "note-digests": {"task": "notify.digests", "schedule": timedelta(seconds=60)},
    "forget-notices-sent": {"task": "notify.forget", "schedule": timedelta(hours=6)},
    "forget-webhooks": {"task": "webhooks.forget", "schedule": timedelta(hours=1)},
    "look-for-departures": {"task": "departures.look", "schedule": timedelta(minutes=5)},
    "expire-archives": {"task": "archives.expire", "schedule": timedelta(minutes=10)},
    "forget-addresses": {"task": "addresses.forget", "schedule": timedelta(hours=1)},
    "forget-programs-tokens": {"task": "programs.forget", "schedule": timedelta(hours=1)},
    "expire-answers": {"task": "community.expire", "schedule": timedelta(hours=1)},
    "relate-tags": {"task": "lexicon.relate_tags", "schedule": timedelta(hours=1)},
    "count-words": {"task": "lexicon.count_words", "schedule": timedelta(hours=3)},
    "learn-channels": {"task": "lexicon.learn_channels", "schedule": timedelta(hours=6)},
    "tidy-artefacts": {"task": "artefacts.tidy", "schedule": timedelta(hours=1)},
    "expire-batches": {"task": "feeds.expire", "schedule": timedelta(hours=1)},
    "digest-events": {"task": "feeds.digest_events", "schedule": timedelta(seconds=15)},
    "advance-pools": {"task": "feeds.advance_pools", "schedule": timedelta(seconds=60)},
    "admit-strays": {"task": "feeds.admit_strays", "schedule": timedelta(hours=1)},
    "learn-supply": {"task": "feeds.learn_supply", "schedule": timedelta(hours=1)},
    "find-topics": {"task": "feeds.find_topics", "schedule": timedelta(minutes=15)},
    "advance-boosts": {"task": "boosts.advance", "schedule": timedelta(seconds=60)},
    "forget-unseen-boosts": {"task": "boosts.forget_unseen", "schedule": timedelta(hours=1)},
    "look-at-covers": {"task": "covers.look", "schedule": timedelta(seconds=60)},
    "precompute-hot": {"task": "feeds.precompute_hot", "schedule": timedelta(seconds=120)},
    "precompute-discover": {"task": "feeds.precompute_discover", "schedule": timedelta(seconds=60)},
    "precompute-nearby": {"task": "feeds.precompute_nearby", "schedule": timedelta(seconds=180)},
    "note-exposures": {
        "task": "experiments.note_exposures",
        "schedule": timedelta(seconds=60),
    },
    "look-after": {"task": "experiments.look_after", "schedule": timedelta(minutes=10)},
    "learn-from-behaviour": {
        "task": "feeds.learn_from_behaviour",
        "schedule": timedelta(hours=1),
    },
    "train-ranker": {"task": "feeds.train_ranker", "schedule": timedelta(hours=6)},
    "run-replays": {"task": "lab.run_replays", "schedule": timedelta(seconds=30)},
    "forget-ranked-lists": {
        "task": "feeds.forget_ranked_lists",
        "schedule": timedelta(minutes=30),
    },
    "watch-for-rings": {"task": "trust.watch", "schedule": timedelta(minutes=30)},
    "forget-marks": {"task": "trust.forget_marks", "schedule": timedelta(hours=6)},
    "follow-quality": {"task": "quality.follow_standard", "schedule": timedelta(seconds=60)},
    "learn-quality": {"task": "quality.learn_weights", "schedule": timedelta(hours=24)},
    "tidy-timelines": {"task": "feeds.tidy_timelines", "schedule": timedelta(minutes=10)},
    "gather-words": {"task": "feeds.gather_words", "schedule": timedelta(minutes=10)},
    # Counts the whole day of every author who was met since: rarer than what adds to figures.
    "count-audiences": {"task": "insights.count_audiences", "schedule": timedelta(minutes=15)},
    "advance-collaborations": {
        "task": "collaborations.advance",
        "schedule": timedelta(seconds=60),
    },
    "measure-creators": {
        "task": "collaborations.measure_creators",
        "schedule": timedelta(hours=6),
    },
    "advance-campaigns": {"task": "campaigns.advance", "schedule": timedelta(minutes=2)},
    "expire-events": {"task": "insights.expire_events", "schedule": timedelta(hours=6)},
    "make-months": {"task": "insights.make_months", "schedule": timedelta(hours=6)},
    "keep-searches": {"task": "feeds.keep_searches", "schedule": timedelta(hours=6)},
}
