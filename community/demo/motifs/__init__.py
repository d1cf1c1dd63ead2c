"""The motifs by name: each draws on a canvas, in a palette, from its own random source."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ..canvas import Canvas
from ..palettes import Palette
from .animals import cat_sill, dog
from .bakes import bread, tarts
from .bowls import ramen, steamer
from .crafts import joinery, knit, yarn
from .drinks import latte, teapot
from .games import board_game
from .hills import bamboo, forest, mountains, tea_field
from .music import piano, stage, vinyl
from .nights import lanterns, rainy_window, skyline
from .orchard import persimmon
from .screens import cinema, film_strip
from .shelves import bookshelf, vases
from .shops import shopfront
from .shore import lake_moon, lighthouse, sea, tidepool
from .sport import bicycle, lido, track
from .streets import laundry, rooftops, tram
from .tables import citrus, hotpot, supper
from .tiles import azulejo
from .walls import gallery
from .wardrobe import bottles, rail
from .windows import desk, plant

Motif = Callable[[Canvas, Palette, Random], None]

_ALL: tuple[Motif, ...] = (
    mountains,
    sea,
    tidepool,
    tea_field,
    lake_moon,
    lighthouse,
    forest,
    bamboo,
    skyline,
    rooftops,
    tram,
    shopfront,
    lanterns,
    rainy_window,
    laundry,
    latte,
    ramen,
    steamer,
    bread,
    tarts,
    teapot,
    hotpot,
    supper,
    citrus,
    vases,
    bookshelf,
    cat_sill,
    plant,
    rail,
    bottles,
    desk,
    bicycle,
    track,
    lido,
    knit,
    yarn,
    vinyl,
    film_strip,
    azulejo,
    persimmon,
    piano,
    board_game,
    joinery,
    gallery,
    stage,
    cinema,
    dog,
)

MOTIFS: dict[str, Motif] = {motif.__name__: motif for motif in _ALL}
