"""The motifs by name: each draws on a canvas, in a palette, from its own random source."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ..canvas import Canvas
from ..palettes import Palette
from . import city, landscape, pattern, play, room, table

Motif = Callable[[Canvas, Palette, Random], None]

_ALL: tuple[Motif, ...] = (
    landscape.mountains, landscape.sea, landscape.tidepool, landscape.tea_field,
    landscape.lake_moon, landscape.lighthouse, landscape.forest, landscape.bamboo,
    city.skyline, city.rooftops, city.tram, city.shopfront, city.lanterns,
    city.rainy_window, city.laundry,
    table.latte, table.ramen, table.steamer, table.bread, table.tarts, table.teapot,
    table.hotpot, table.supper, table.citrus,
    room.vases, room.bookshelf, room.cat_sill, room.plant, room.rail, room.bottles, room.desk,
    play.bicycle, play.track, play.lido, play.knit, play.yarn, play.vinyl, play.film_strip,
    pattern.azulejo, pattern.persimmon, pattern.piano, pattern.board_game, pattern.joinery,
    pattern.gallery, pattern.stage, pattern.cinema, pattern.dog,
)

MOTIFS: dict[str, Motif] = {motif.__name__: motif for motif in _ALL}
