"""Why a card is where it is, in words. Written by what brought the card, never guessed later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Profile
from community.models import Channel, Tag

from .remembered import Remembered

_names: Remembered[Any] = Remembered(most=20_000, seconds=300)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code for programs, a detail for them to look up, a sentence for people."""

    code: str
    detail: int | float | str | None
    text: str


PLAIN = {
    "followed": lambda: _("followed"),
    "hot": lambda: _("hot now"),
    "popular": lambda: _("readers like it"),
    "fresh": lambda: _("new"),
    "author": lambda: _("by this person"),
    "pinned": lambda: _("pinned"),
    "album": lambda: _("in this album"),
    "place": lambda: _("at this place"),
    "brand": lambda: _("speaks of this brand"),
    "product": lambda: _("speaks of this product"),
    "search": lambda: _("found by your words"),
    "search_tag": lambda: _("found by your words"),
    "search_chan": lambda: _("found by your words"),
    "liked": lambda: _("you liked it"),
    "collected": lambda: _("you collected it"),
    "tagged": lambda: _("has this tag"),
    "quality": lambda: _("good, and outside your usual"),
    "similar": lambda: _("like notes you engaged with"),
    "readers": lambda: _("people with your taste read it"),
    "predicted": lambda: _("new, and close to your taste"),
    "liked_by": lambda: _("liked by somebody you follow"),
    "also_read": lambda: _("its readers read this too"),
    "boost": lambda: _("Sponsored"),
}
# What may move a card up, beside tags and channels: see the rankers.
SIGNALS = {
    "followed": lambda: _("you follow its author"),
    "author": lambda: _("you like what its author writes"),
    "popular": lambda: _("readers like it"),
    "quality": lambda: _("well made"),
    "fresh": lambda: _("new"),
    "pool": lambda: _("it passed a gate"),
    "near": lambda: _("near your city"),
    "small": lambda: _("from somebody with few followers"),
    "learnt": lambda: _("people with your taste read on"),
}
# Sources whose detail is a tag.
WITH_TAG = ("tag", "shares_tag", "search_tag")


def reasons_for(
    sources: Sequence[tuple[str, Any]], *, viewer_id: int | None = None
) -> list[Reason]:
    """Sentences for (source, detail) pairs, with one look-up for all tags, one for channels, and
    one for people where cards speak of any."""
    likers = _names_of_likers(sources, viewer_id)
    tags = _tag_names({detail for source, detail in sources if source in WITH_TAG})
    channels = channel_names()
    language = get_language()
    return [
        _liked_by(likers.get(detail))
        if source == "liked_by"
        else _remembered(source, detail, tags, channels, language)
        for source, detail in sources
    ]


def _liked_by(name: str | None) -> Reason:
    """Without a detail: programs are told no more than people."""
    if name is None:
        return Reason("liked_by", None, PLAIN["liked_by"]())
    return Reason("liked_by", None, _("liked by %(name)s") % {"name": name})


def _remembered(
    source: str, detail: Any, tags: dict[int, str], channels: dict[int, str], language: str | None
) -> Reason:
    """The reason from the last page that said it: sentences repeat, and translating costs."""
    key = (source, detail, language)
    return _names.get(key) or _names.put(key, _reason(source, detail, tags, channels))


def _reason(source: str, detail: Any, tags: dict[int, str], channels: dict[int, str]) -> Reason:
    if source == "tag" and detail in tags:
        text = _("because you like #%(tag)s") % {"tag": tags[detail]}
    elif source == "shares_tag" and detail in tags:
        text = _("also about #%(tag)s") % {"tag": tags[detail]}
    elif source == "same_channel" and detail in channels:
        text = _("also in %(channel)s") % {"channel": channels[detail]}
    elif source == "channel" and detail in channels:
        text = _("because you like %(channel)s") % {"channel": channels[detail]}
    elif source == "hot" and isinstance(detail, tuple):
        # What moved it says more than the name of its channel, and a phone has room for one.
        text = detail[1] or _reason(source, detail[0], tags, channels).text
        return Reason("hot", detail[0], text)
    elif source == "hot" and detail in channels:
        text = _("hot in %(channel)s") % {"channel": channels[detail]}
    elif source == "pool0":
        text = _("new here: %(delivered)s of %(promised)s first views") % {
            "delivered": detail[0],
            "promised": detail[1],
        }
        return Reason("pool", f"{detail[0]}/{detail[1]}", text)
    elif source == "pool":
        text = _("risen to pool %(tier)s") % {"tier": f"P{detail}"}
    elif source == "search_tag" and detail in tags:
        text = _("found by your words, and you like #%(tag)s") % {"tag": tags[detail]}
    elif source == "search_chan" and detail in channels:
        text = _("found by your words, and you like %(channel)s") % {"channel": channels[detail]}
    elif source == "near":
        text = distance_text(detail)
    else:
        text = PLAIN.get(source, PLAIN["fresh"])()
    return Reason(source, detail, text)


def signal_texts(signals: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Words for what moved a card up, by (code, detail)."""
    tags = _tag_names({detail for code, detail in signals if code in ("tag", "recent")})
    channels = channel_names()
    return {(code, detail): _signal(code, detail, tags, channels) for code, detail in signals}


def _signal(code: str, detail: int, tags: dict[int, str], channels: dict[int, str]) -> str:
    if code == "tag" and detail in tags:
        return _("you like #%(tag)s") % {"tag": tags[detail]}
    if code == "recent" and detail in tags:
        return _("#%(tag)s, just now") % {"tag": tags[detail]}
    if code == "channel" and detail in channels:
        return _("you like %(channel)s") % {"channel": channels[detail]}
    words = SIGNALS.get(code) or PLAIN.get(code)
    return words() if words else code


def _names_of_likers(sources: Sequence[tuple[str, Any]], viewer_id: int | None) -> dict[int, str]:
    """Names that may be said to this viewer now: of people they follow who still agree to it,
    whatever list speaks of them. Asked only where a card does."""
    ids = {detail for source, detail in sources if source == "liked_by"}
    if not ids or viewer_id is None:
        return {}
    agreed = Profile.objects.filter(
        person__in=ids,
        likes_shown=True,
        person__is_active=True,
        person__followed_by__follower=viewer_id,
    )
    return {profile.pk: profile.name for profile in agreed.select_related("person")}


def distance_text(km: float) -> str:
    """A distance as people say it: "400 m away", "1.2 km away"."""
    metres = max(100, round(km * 10) * 100)
    if metres < 1_000:
        return _("%(metres)d m away") % {"metres": metres}
    figure = f"{km:.1f}" if km < 10 else str(round(km))
    return _("%(km)s km away") % {"km": figure}


def channel_names() -> dict[int, str]:
    """Names of all channels in the language of the page, kept for a few minutes."""
    key = f"channel-names:{get_language()}"
    names = _names.get(key)
    if names is None:
        names = {channel.pk: channel.name for channel in Channel.objects.all()}
        _names.put(key, names)
    return names


def _tag_names(ids: set[int]) -> dict[int, str]:
    """Names of tags, remembered by the process: names hardly ever change."""
    known = {pk: name for pk in ids if (name := _names.get(f"tag:{pk}")) is not None}
    if missing := ids - known.keys():
        for pk, name in Tag.objects.filter(pk__in=missing).shown().values_list("pk", "name"):
            _names.put(f"tag:{pk}", name)
            known[pk] = name
    return known
