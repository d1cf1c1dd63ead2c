"""Where a note is about."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.models import Place
from community.text.clean import clean_line

PLACE_NAME_LENGTH = 80
# Coordinates are kept to about 1 m, so that the same spot is the same place.
DECIMALS = 5


def find_or_create_place(*, name: str, latitude: float, longitude: float, city: str = "") -> Place:
    """The place of this name at this point. Raises Invalid with the field that is wrong."""
    latitude = checked_coordinate(latitude, limit=90, field="latitude")
    longitude = checked_coordinate(longitude, limit=180, field="longitude")
    name = clean_line(name, max_length=PLACE_NAME_LENGTH)
    if not name:
        raise Invalid(_("Give the place a name."), field="place_name")
    place, _created = Place.objects.get_or_create(
        name=name,
        latitude=latitude,
        longitude=longitude,
        defaults={"city": clean_line(city, max_length=PLACE_NAME_LENGTH)},
    )
    return place


def checked_coordinate(value: float, *, limit: int, field: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= limit:
        raise Invalid(
            _("This must be a number from -%(limit)d to %(limit)d.") % {"limit": limit}, field=field
        )
    return round(number, DECIMALS)
