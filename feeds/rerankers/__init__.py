"""Re-rankers: the same candidates in a better order. None is lost, none added."""

from .placing import GiveQualityPlaces, PlaceByChannel
from .spreading import MakeVaried, SpreadAuthors
from .wishes import LessOfReturns, TurnDials

__all__ = [
    "GiveQualityPlaces", "LessOfReturns", "MakeVaried", "PlaceByChannel", "SpreadAuthors",
    "TurnDials",
]  # fmt: skip
