"""What the engine knows of a person, for that person: every interest with its weight and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from community.views.known import places_known_to, tags_known_to

from .choices import KINDS
from .less import Effect, effects
from .models import Interest, LessOf
from .policies import current
from .reasons import channel_names
from .taste import Points, chosen_channels, points_of

# Interests of each kind that a page shows, heaviest first.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KnownInterest:
    kind: str
    target: int
    name: str
    # Share of the heaviest one of its kind, 0 to 1; and whether this sitting moved it.
    weight: float
    recent: bool
    why: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class KnownTaste:
    interests: dict[str, list[KnownInterest]]
    removed: list[KnownInterest]
    wishes: list[tuple[Effect, str, str]]  # (what it did, kind, name)


def known_taste(person: User, *, now: datetime) -> KnownTaste:
    """Interests by kind, heaviest first; what was removed; wishes with what they did."""
    points = points_of(person.pk, now=now, rules=current()[1].interests)
    rows = {(row.kind, row.target): row for row in Interest.objects.filter(person=person)}
    chosen = set(chosen_channels(person.pk))
    wishes = effects(person)
    names = _names(person, rows, points, wishes)
    return KnownTaste(
        interests={
            word: _interests(word, points[kind], rows, names, chosen)
            for word, kind in KINDS.items()
        },
        removed=[
            KnownInterest(word, row.target, names[kind, row.target], 0.0, False, "")
            for word, kind in KINDS.items()
            for row in rows.values()
            if row.kind == kind and row.removed and (kind, row.target) in names
        ],
        wishes=[
            (effect, WISH_WORDS[LessOf.Kind(effect.wish.kind)], names.get(_named(effect.wish), ""))
            for effect in wishes
        ],
    )


WISH_WORDS = {
    LessOf.Kind.TAG: "tag",
    LessOf.Kind.CHANNEL: "channel",
    LessOf.Kind.AUTHOR: "author",
    LessOf.Kind.NOTE: "note",
    LessOf.Kind.PLACE: "place",
}
PLACE = -1  # beside the kinds of Interest


def _named(wish: LessOf) -> tuple[int, int]:
    kinds = {LessOf.Kind.TAG: Interest.Kind.TAG, LessOf.Kind.CHANNEL: Interest.Kind.CHANNEL}
    kinds[LessOf.Kind.AUTHOR] = Interest.Kind.AUTHOR
    return int(kinds.get(LessOf.Kind(wish.kind), PLACE)), wish.target


def _interests(
    word: str,
    points: Points,
    rows: dict[tuple[int, int], Interest],
    names: dict[tuple[int, int], str],
    chosen: Collection[int],
) -> list[KnownInterest]:
    kind = KINDS[word]
    heaviest = max(points.lasting.values(), default=0.0)
    shown: list[KnownInterest] = []
    for target in sorted(points.lasting, key=points.lasting.__getitem__, reverse=True):
        value = points.lasting[target]
        if value <= 0 or (kind, target) not in names or len(shown) == MOST_SHOWN:
            continue
        row = rows.get((kind, target))
        shown.append(
            KnownInterest(
                word,
                target,
                names[kind, target],
                round(value / heaviest, 3),
                points.recent.get(target, 0.0) > 1.0,
                why(row, kind == Interest.Kind.CHANNEL and target in chosen),
                row.pinned if row else False,
            )
        )
    return shown


def why(row: Interest | None, chosen: bool) -> str:
    """What an interest comes from, in words."""
    words = [_("you chose it")] if chosen else []
    if row is not None and row.acts:
        last = {
            "open": _("you opened a note"),
            "dwell": _("you read a note"),
            "like": _("you liked a note"),
            "collect": _("you collected a note"),
            "comment": _("you commented on a note"),
            "share": _("you shared a note"),
            "follow": _("you followed somebody"),
            "search": _("you searched for it"),
            "hide": _("you were not interested in a note"),
            "unlike": _("you took a like back"),
            "uncollect": _("you took a note out of your collection"),
        }.get(row.because)
        count = ngettext("%(count)d act", "%(count)d acts", row.acts) % {"count": row.acts}
        words.append(_("%(count)s, last: %(act)s") % {"count": count, "act": last or row.because})
    return " · ".join(words) or _("just now")


def _names(
    person: User,
    rows: dict[tuple[int, int], Interest],
    points: dict[int, Points],
    wishes: list[Effect],
) -> dict[tuple[int, int], str]:
    """Names of all that is mentioned and that the person may know of, in four queries."""
    ids: dict[int, set[int]] = {kind: set() for kind in (*KINDS.values(), PLACE)}
    for kind, target in [*rows, *(_named(effect.wish) for effect in wishes)]:
        ids[kind].add(target)
    for kind in KINDS.values():
        ids[kind].update(points[kind].lasting)
    tag, channel, author = KINDS["tag"], KINDS["channel"], KINDS["author"]
    named: dict[tuple[int, int], str] = {}
    tags = tags_known_to(person).filter(pk__in=list(ids[tag]))
    for pk, name in tags.values_list("pk", "name"):
        named[tag, pk] = f"#{name}"
    for pk, name in channel_names().items():
        named[channel, pk] = name
    people = User.objects.visible_to(person).select_related("profile")
    for one in people.filter(pk__in=list(ids[author])):
        named[author, one.pk] = one.profile.name
    places = places_known_to(person).filter(pk__in=list(ids[PLACE]))
    for pk, name in places.values_list("pk", "name"):
        named[PLACE, pk] = name
    return named
