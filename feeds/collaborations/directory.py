"""Creators who agreed to be found: measured by whom they really reach, filtered and sorted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.asking import whole_number
from accounts.errors import Invalid
from accounts.models import Profile, User
from accounts.wallet.services import check_amount
from community.models import Channel
from community.text.clean import clean_body, clean_line
from feeds.boosts.delivery import SOURCE as PAID
from feeds.insights.models import FeedDay

from .models import Creator, CreatorField
from .rules import tier_of

MONTH = timedelta(days=28)
MOST_FIELDS = 5
AT_ONCE = 500
# All in one direction, the last unique, so that a list can be paged by its last row.
SORTS = {
    "reach": ("-reach", "-person_id"),
    "engagement": ("-engagement", "-person_id"),
    "followers": ("-followers", "-person_id"),
    "price": ("price", "person_id"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a brand looks for; what is empty does not matter."""

    field: str = ""
    tier: str = ""
    city: str = ""
    price: int | None = None
    sort: str = "reach"


def find(viewer: User, wanted: Wanted) -> QuerySet[Creator]:
    """Listed creators whom the viewer may meet, sorted."""
    # Asked of each creator, not listed before: the list is read in its order until a page is full.
    met = User.objects.discoverable_by(viewer).filter(pk=OuterRef("person_id"))
    found = Creator.objects.listed().filter(Exists(met))
    if wanted.field:
        # A main channel stands for its parts.
        channels = Channel.objects.filter(Q(slug=wanted.field) | Q(parent__slug=wanted.field))
        theirs = CreatorField.objects.filter(channel__in=list(channels)).values("creator")
        # As a sum, it is looked for in the order of the list; as a key it would lead to all of a
        # large field, to be sorted.
        found = found.alias(key=F("person_id") + 0).filter(key__in=theirs)
    if wanted.tier:
        found = found.filter(tier=wanted.tier)
    if wanted.city:
        found = found.filter(city=wanted.city)
    if wanted.price is not None:
        found = found.filter(price__lte=wanted.price)
    if wanted.sort == "price":
        found = found.exclude(price=None)
    order = SORTS.get(wanted.sort, SORTS["reach"])
    return found.select_related("person__profile").order_by(*order)


def page_of(
    found: QuerySet[Creator], *, sort: str, after: str, size: int
) -> tuple[list[Creator], str]:
    """A page of what `find` found, and where the next one begins: "" after the last. A page is
    looked up by the last row of the one before, so that the hundredth costs what the first costs;
    `after` that makes no sense begins at the beginning."""
    name = SORTS.get(sort, SORTS["reach"])[0]
    field, step = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    value, _, last = after.partition("~")
    key, pk = _number(value), whole_number(last)
    if key is not None and pk is not None:
        behind = Q(**{f"{field}__{step}": key}) | Q(**{field: key, f"person_id__{step}": pk})
        # Said apart, so that the index is entered where the page begins.
        found = found.filter(behind, **{f"{field}__{step}e": key})
    rows = list(found[: size + 1])
    if len(rows) <= size:
        return rows, ""
    return rows[:size], f"{getattr(rows[size - 1], field)}~{rows[size - 1].pk}"


def _number(typed: str) -> float | None:
    try:
        number = float(typed)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@transaction.atomic
def describe(
    *,
    person: User,
    listed: bool,
    about: str,
    price: int | None,
    fields: list[Channel],
    now: datetime,
) -> Creator:
    """Say how one wants to be found. Raises Invalid."""
    words = clean_body(about)
    if len(words) > 500:
        raise Invalid(_("At most %(count)d characters.") % {"count": 500}, field="about")
    if price is not None:
        check_amount(price)
    if len(fields) > MOST_FIELDS or any(not channel.is_open for channel in fields):
        raise Invalid(
            _("Choose at most %(count)d channels.") % {"count": MOST_FIELDS}, field="fields"
        )
    creator, _made = Creator.objects.update_or_create(
        person=person,
        defaults={
            "listed": listed, "about": words, "price": price,
            "city": clean_line(person.profile.city, max_length=80),
        },
    )  # fmt: skip
    creator.fields.all().delete()
    CreatorField.objects.bulk_create(CreatorField(creator=creator, channel=c) for c in fields)
    _measure([person.pk], now)
    creator.refresh_from_db()
    return creator


def measure(*, now: datetime) -> int:
    """Measure all creators anew; returns how many."""
    count, last = 0, 0
    while True:
        people = list(
            Creator.objects.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        if not people:
            return count
        _measure(people, now)
        count, last = count + len(people), people[-1]


def _measure(people: list[int], now: datetime) -> None:
    """Reach and engagement of four weeks from the roll-ups, paid places left out."""
    since = (now - MONTH).date()
    sums = {
        row["author_id"]: row
        for row in FeedDay.objects.filter(author__in=people, day__gte=since)
        .exclude(feed=PAID)
        .values("author_id")
        .annotate(
            seen=Sum("impressions"),
            acted=Sum(F("likes") + F("collects") + F("comments") + F("shares")),
            written=Count("note", distinct=True),
        )
    }
    profiles = Profile.objects.filter(person__in=people).values_list(
        "person_id", "followers_count", "city"
    )
    changed = []
    for person, followers, city in profiles:
        row = sums.get(person, {"seen": 0, "acted": 0, "written": 0})
        reach = row["seen"] or 0
        changed.append(
            Creator(
                person_id=person, followers=followers, city=city, reach=reach, notes=row["written"],
                engagement=max(0, row["acted"] or 0) / reach if reach else 0.0,
                tier=tier_of(followers, reach), measured_at=now,
            )
        )  # fmt: skip
    Creator.objects.bulk_update(
        changed,
        ["followers", "city", "reach", "notes", "engagement", "tier", "measured_at"],
    )
