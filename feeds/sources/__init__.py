"""Candidate sources of discover: one small class each, named for where its notes come from."""

from .collective import FreshNotes, HotNotes, PopularNotes, PromotedNotes, QualityPool
from .learnt import ColdNotes, EngagedNotes, SimilarNotes, SimilarReaders
from .personal import (
    FollowedAuthors,
    InterestChannels,
    InterestTags,
    LikedByFollowed,
    NotesOfChannel,
)

__all__ = [
    "ColdNotes", "EngagedNotes", "FollowedAuthors", "FreshNotes", "HotNotes", "InterestChannels",
    "InterestTags", "LikedByFollowed", "NotesOfChannel", "PopularNotes", "PromotedNotes",
    "QualityPool", "SimilarNotes", "SimilarReaders",
]  # fmt: skip
