"""The small map of a place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from .drawing import Outline, Window, draw, outline, unpack

WORLD = "static/maps/world.json"
# About a kilometre, as in the links of a place's page: where a door is, a map does not tell.
DECIMALS = 2
# About 3 KB each.
KEPT = 500


@dataclass(frozen=True, slots=True)
class SmallMap:
    land: str
    lakes: str
    rivers: str
    borders: str
    width: float
    height: float
    x: float
    y: float


def small_map(latitude: float, longitude: float) -> SmallMap:
    return _drawn(round(latitude, DECIMALS), round(longitude, DECIMALS))


@lru_cache(maxsize=KEPT)
def _drawn(latitude: float, longitude: float) -> SmallMap:
    window = Window(longitude, latitude)
    x, y = window.place(longitude, latitude)
    return SmallMap(**draw(_world(), window), width=window.width, height=window.height, x=x, y=y)


@lru_cache(maxsize=1)
def _world() -> dict[str, list[Outline]]:
    packed = json.loads((Path(settings.BASE_DIR) / WORLD).read_bytes())
    return {layer: [outline(unpack(line)) for line in lines] for layer, lines in packed.items()}
