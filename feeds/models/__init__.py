"""Rows behind the feeds. All but interests, events and pools can be rebuilt."""

from .events import Event, EventBatch, Impression, NoteHour
from .interests import Dials, Interest, LessOf
from .lists import FeedList, TimelineEntry
from .notes import LiveNote, NoteDiscount, QualityVerdict
from .policy import EnginePolicy
from .pools import PoolDelivery, PoolEngagement, PoolEntry, PoolTransition, SecondLook
from .supply import SupplyHour

__all__ = [
    "Dials", "EnginePolicy", "Event", "EventBatch", "FeedList", "Impression", "Interest", "LessOf",
    "LiveNote", "NoteDiscount", "NoteHour", "PoolDelivery", "PoolEngagement", "PoolEntry",
    "PoolTransition", "QualityVerdict", "SecondLook", "SupplyHour", "TimelineEntry",
]  # fmt: skip
