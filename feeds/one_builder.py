"""A list that many ask for while it is missing is built by one of them; the others take it over."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.cache import cache

from .lists import Snapshot

# A builder that died is waited for no longer than this; the longest list takes a tenth of it.
BUILDING_SECONDS = 5
LOOK_EVERY_SECONDS = 0.05


def built_by_one(
    name: str, *, look: Callable[[], Snapshot | None], build: Callable[[], Snapshot]
) -> Snapshot:
    """What `look` finds; where it finds nothing that can be shown, what one builder builds.

    A cache that is away lets everybody build, as if each had come alone.
    """
    mark = f"building:{name}"
    give_up = time.monotonic() + BUILDING_SECONDS
    while True:
        if (found := look()) is not None:
            return found
        if cache.add(mark, 1, timeout=BUILDING_SECONDS):
            try:
                # Somebody may have finished between the look and the mark.
                found = look()
                return build() if found is None else found
            finally:
                cache.delete(mark)
        if time.monotonic() > give_up:
            return build()
        time.sleep(LOOK_EVERY_SECONDS)
