"""Who takes part in a campaign, and in which order.

Engagement of distinct people, as hot counts it (rings, farms, authors themselves and places that
were paid for left out), held back on small numbers by Wilson's bound. It does not fade: who joined
on the first day stands beside who joined on the last. One note of each author is ranked; notes of
the team, and those that the brand pays, take part and are not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from accounts.prepared import these
from community.brands.models import Member
from community.models import Note, TaggedNote
from feeds.boosts.delivery import SOURCE as PAID
from feeds.collaborations.models import Collaboration
from feeds.heat import acts_since
from feeds.hot_rules import held_back
from feeds.insights.models import FeedHour
from feeds.policies import current
from feeds.trust.weights import without_rings

from .models import Campaign, Place

RANKED = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """A note's engagement: people of its strongest act, people who saw it, and the score."""

    note_id: int
    author_id: int
    people: int
    seen: int
    score: float


def entries_of(campaign: Campaign) -> QuerySet[Note]:
    """Public notes that were published with one of its tags while it was on."""
    tagged = TaggedNote.objects.filter(
        content_object=OuterRef("pk"), tag__in=campaign.tags.all(), tag__ban=None
    )
    return Note.objects.filter(
        Exists(tagged), published_at__gte=campaign.starts_at, published_at__lt=campaign.ends_at
    ).listed_for(None)


def competing(campaign: Campaign) -> QuerySet[Note]:
    """Entries that may be ranked and win."""
    entries = entries_of(campaign)
    if campaign.brand_id is None:
        return entries
    team = Member.objects.filter(brand=campaign.brand_id).values("person")
    paid = Collaboration.objects.filter(brand=campaign.brand_id, note=OuterRef("pk"))
    return entries.exclude(author__in=team).exclude(Exists(paid))


def standings(campaign: Campaign) -> list[Standing]:
    """The best note of each author, best first; a fixed number of statements."""
    _version, policy = current()
    authors = dict(competing(campaign).values_list("pk", "author_id"))
    engaged = _engaged(campaign, authors)
    seen = _seen(authors)
    best: dict[int, Standing] = {}
    for note, author in authors.items():
        acts = engaged[note]
        value = sum(n * float(getattr(policy.engagement, act)) for act, n in acts.items())
        people = max(acts.values(), default=0)
        score = held_back(value, people, seen.get(note, 0), z=policy.hot.wilson_z)
        row = Standing(note, author, people, seen.get(note, 0), score)
        if author not in best or (score, -note) > (best[author].score, -best[author].note_id):
            best[author] = row
    return sorted(best.values(), key=lambda row: (-row.score, row.note_id))


def _engaged(campaign: Campaign, authors: dict[int, int]) -> dict[int, Counter[str]]:
    engaged: dict[int, Counter[str]] = defaultdict(Counter)
    for act, rows, who, _when in acts_since(campaign.starts_at):
        counted = (
            without_rings(rows.filter(note__in=these(authors)), who)
            .values("note_id")
            .annotate(people=Count(who, distinct=True))
        )
        for note, people in counted.values_list("note_id", "people"):
            engaged[note][act] = people
    return engaged


def _seen(authors: dict[int, int]) -> dict[int, int]:
    rows = FeedHour.objects.filter(note__in=these(authors)).exclude(feed=PAID)
    return dict(rows.values("note_id").annotate(n=Sum("impressions")).values_list("note_id", "n"))


@transaction.atomic
def rank(campaign: Campaign, *, now: datetime) -> int:
    """Write the ranking anew, unless it is final; returns how many places."""
    held = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk, closed_at=None)
    if not held.exists():
        return 0
    places = [
        Place(
            campaign=campaign, position=position, note_id=row.note_id, people=row.people,
            seen=row.seen, score=row.score,
        )
        for position, row in enumerate(standings(campaign)[:RANKED], start=1)
    ]  # fmt: skip
    campaign.places.all().delete()
    Place.objects.bulk_create(places)
    return len(places)
