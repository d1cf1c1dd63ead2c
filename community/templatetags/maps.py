"""`{% place_map place %}`: where a place lies, drawn by the server."""

from __future__ import annotations

from typing import Any

from django import template

from community.maps.places import small_map
from community.models import Place

register = template.Library()


@register.inclusion_tag("community/_place_map.html")
def place_map(place: Place) -> dict[str, Any]:
    return {"place": place, "map": small_map(place.latitude, place.longitude)}
