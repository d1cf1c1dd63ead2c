"""How a person's notes were judged and spread, and which pools reached the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import (
    LiveNote,
    NoteDiscount,
    PoolDelivery,
    PoolEngagement,
    PoolEntry,
    PoolTransition,
    QualityVerdict,
    SecondLook,
)

TIER = Column("tier", "the pool, from 0")

tell(
    "quality",
    _("How your notes were judged, dimension by dimension."),
    models=["feeds.QualityVerdict"],
    source=lambda person: QualityVerdict.objects.filter(note__author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "score": Column("score", "0 to 1"),
        "passes": Column("passes", "whether it is recommended beyond your followers"),
        "dimensions": Column("dimensions", "name, score, reason, advice of each"),
        "at": Column("judged_at", WHEN),
    },
)
tell(
    "live_notes",
    _("Your notes as the feeds choose from them."),
    models=["feeds.LiveNote"],
    source=lambda person: LiveNote.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "quality": Column("quality", "0 to 1"),
        "recommended": Column("recommended", "whether it is above the bar"),
        "popularity": Column("popularity", "engagement per impression, smoothed"),
        "boost": Column("boost", "rank factor; above 1 after a gate"),
        "published_at": Column("published_at", WHEN),
    },
)
tell(
    "pool_entries",
    _("Where your notes stand in the pools."),
    models=["feeds.PoolEntry"],
    source=lambda person: PoolEntry.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "state": Column("state", "running, held, settled, hot or look"),
        "tier": TIER,
        "promised": Column("promised", "impressions"),
        "delivered": Column("delivered", "impressions by different people"),
        "engagement": Column("engagement", "score of what they did"),
        "discounted_acts": Column("discounted_acts", "acts that counted for less"),
        "started_at": Column("started_at", WHEN),
        "due_at": Column("due_at", WHEN),
        "trial": Column("trial", "arms of experiments: experiment:arm"),
    },
)
tell(
    "pool_steps",
    _("Every step of your notes through the pools, with the figures that decided it."),
    models=["feeds.PoolTransition"],
    source=lambda person: PoolTransition.objects.filter(note__author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "from": Column("from_tier", "the pool it left"),
        "to": Column("to_tier", "the pool it entered"),
        "state": Column("state", "running, held, settled, hot or look"),
        "reason": Column("reason", "code of the reason"),
        "figures": Column("figures", "the arithmetic"),
        "at": Column("at", WHEN),
    },
)
tell(
    "second_looks",
    _("Notes of yours that waited for a moderator's second look."),
    models=["feeds.SecondLook"],
    source=lambda person: SecondLook.objects.filter(note__author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "tier": TIER,
        "state": Column("state", "waiting, rises, stays or void"),
        "words": Column("words", "as they were told to you"),
        "at": Column("asked_at", WHEN),
        "decided_at": Column("decided_at", WHEN),
    },
)
tell(
    "discounts",
    _("What of your notes' popularity was not counted, because circles had made it."),
    models=["feeds.NoteDiscount"],
    source=lambda person: NoteDiscount.objects.filter(note__author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "score": Column("score", "engagement that is left out"),
        "views": Column("views", "views that are left out"),
    },
)
tell(
    "pools_that_reached_you",
    _("Pools of other people's notes that counted you as a viewer."),
    models=["feeds.PoolDelivery"],
    source=lambda person: PoolDelivery.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "tier": TIER,
        "served_at": Column("reserved_at", WHEN),
        "seen_at": Column("seen_at", WHEN),
        "counts": Column("counts", "whether your sight was part of the promise"),
    },
)
tell(
    "pools_you_moved",
    _("What of your acts counted in the pools of other people's notes."),
    models=["feeds.PoolEngagement"],
    source=lambda person: PoolEngagement.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "tier": TIER,
        "kind": Column("kind", "number of the kind of act, as in events"),
        "score": Column("score", "what it counted"),
        "full": Column("full", "what it would have counted at full weight"),
        "weight": Column("weight", "your weight for this author"),
        "reason": Column("reason", "why it is less than 1"),
    },
)
