"""What one may be told about, for choosing by: kinds that people think of as one, and by which ways
they are told where somebody has not chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models.notification import Notification

Kind = Notification.Kind


class Way(models.TextChoices):
    """How a notice reaches somebody."""

    PAGE = "page", _("On site")
    MAIL = "mail", _("Mail")
    PUSH = "push", _("Push")


@dataclass(frozen=True)
class Topic:
    label: str | Promise
    kinds: tuple[Kind, ...]
    default: frozenset[Way]
    # Come from people, so that one may choose from whom.
    personal: bool = False
    # Always stand on the page: what staff decided, and what happened to the account.
    always_shown: bool = False


_EVERY_WAY = frozenset(Way)
_NO_PUSH = _EVERY_WAY - {Way.PUSH}

TOPICS: dict[str, Topic] = {
    "reactions": Topic(
        _("Likes and collects"), (Kind.LIKE, Kind.COLLECT, Kind.COMMENT_LIKE), _NO_PUSH,
        personal=True,
    ),
    "comments": Topic(
        _("Comments and answers"), (Kind.COMMENT, Kind.REPLY), _EVERY_WAY, personal=True
    ),
    "mentions": Topic(_("Mentions of me"), (Kind.MENTION,), _EVERY_WAY, personal=True),
    "followers": Topic(_("New followers"), (Kind.FOLLOW,), _NO_PUSH),
    "messages": Topic(
        _("Forwarded notes and message requests"), (Kind.FORWARD, Kind.MESSAGE), _EVERY_WAY
    ),
    "albums": Topic(_("Albums"), (Kind.ALBUM, Kind.ALBUM_INVITE), _NO_PUSH),
    "notes": Topic(
        _("My notes: pools and schedules"),
        (Kind.POOL, Kind.PUBLISHED, Kind.HELD_UP, Kind.NOT_PUBLISHED), _NO_PUSH,
    ),
    "business": Topic(
        _("Brands, collaborations and money"),
        (
            Kind.BRAND, Kind.BRAND_INVITE, Kind.COLLABORATION, Kind.CAMPAIGN, Kind.ARRIVED,
            Kind.NOT_ARRIVED,
        ), _EVERY_WAY,
    ),
    "decisions": Topic(
        _("Decisions of the moderators"),
        (Kind.HIDDEN, Kind.RESTORED, Kind.WARNED, Kind.LIMITED, Kind.REPORT, Kind.APPEAL),
        _EVERY_WAY, always_shown=True,
    ),
    "account": Topic(
        _("Safety of my account"), (Kind.SIGN_IN, Kind.SAFETY, Kind.ARCHIVE), _EVERY_WAY,
        always_shown=True,
    ),
}  # fmt: skip
TOPIC_OF: dict[str, str] = {kind: name for name, topic in TOPICS.items() for kind in topic.kinds}


def ways_for(topic: str, chosen: Mapping[str, Collection[str]]) -> frozenset[str]:
    """How somebody who chose this is told of a topic."""
    known = TOPICS[topic]
    ways = frozenset(chosen[topic]) if topic in chosen else known.default
    return ways | {Way.PAGE} if known.always_shown else ways


def kinds_by(way: Way, chosen: Mapping[str, Collection[str]]) -> list[str]:
    """Kinds of which somebody who chose this is told in this way."""
    return [kind for kind, topic in TOPIC_OF.items() if way in ways_for(topic, chosen)]
