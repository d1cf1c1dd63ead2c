"""The bar of channels as HTML: the same for everybody who reads the language, so drawn once."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.models import Channel
from feeds.remembered import Remembered

_bars: Remembered[SafeString] = Remembered(most=500, seconds=60)


def channel_bar(current: Channel | None = None, *, within: str = "channel") -> SafeString:
    """First-level channels, and the parts of the current one. `within`: "channel" or "hot"."""
    key = (get_language(), current.pk if current else None, within)
    return _bars.get(key) or _bars.put(key, _draw(current, within))


def _draw(current: Channel | None, within: str) -> SafeString:
    channels = list(Channel.objects.open())
    root = current.root_id if current else None
    context = {
        "channels": [channel for channel in channels if channel.parent_id is None],
        "parts": [channel for channel in channels if root and channel.parent_id == root],
        "current": current,
        "root": next((channel for channel in channels if channel.pk == root), None),
        "within": within,
    }
    return render_to_string("feeds/_channel_bar.html", context)
