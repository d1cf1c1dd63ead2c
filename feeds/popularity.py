"""How popular a note is: smoothed engagement per view, less what rings and farms added.

Acts of people who are discounted nowhere cost nothing here. What the others did is summed anew from
their events whenever one of them touches a note, or a circle is found or lifted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import F, Sum

from accounts.prepared import Ids, Prepared, these

from .boosts.delivery import paid_pairs
from .models import Event, NoteDiscount, NoteHour
from .policies import current
from .policy import EngagementWeights
from .qualification import counts
from .trust.weights import WHOLE, discounted_among, weights_of, who_is_discounted
from .trust.window import chunks

Kind = Event.Kind
# Smoothing: views and engagement every note starts with.
PRIOR_VIEWS, PRIOR_ENGAGEMENT = 50, 2.0
DISCOUNTS = Prepared(
    lambda ids: NoteDiscount.objects.filter(pk__in=ids).values_list("note_id", "score", "views"),
    Ids,
)


def refresh(note_ids: Collection[int], weights: EngagementWeights) -> None:
    """Write the popularity of these notes anew, from the hourly roll-ups and the discounts."""
    for some in chunks(note_ids):
        less = {note: (score, views) for note, score, views in DISCOUNTS(some)}
        rates = []
        for note, views, score in _totals(some, weights):
            off, unseen = less.get(note, (0.0, 0))
            engaged = max(0.0, score - off + PRIOR_ENGAGEMENT)
            rates.append((engaged / (max(views - unseen, 0) + PRIOR_VIEWS), note))
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE feeds_livenote SET popularity = %s WHERE note_id = %s", rates
            )


def _totals(note_ids: list[int], weights: EngagementWeights) -> Iterable[tuple[int, int, float]]:
    """(note, views, engagement) of all that happened to it."""
    return (
        NoteHour.objects.filter(note__in=note_ids)
        .values("note_id")
        .annotate(
            views=Sum(F("impressions") + F("opens")),
            score=Sum(
                F("likes") * weights.like
                + F("collects") * weights.collect
                + F("comments") * weights.comment
                + F("shares") * weights.share
                + F("follows") * weights.follow
            ),
        )
        .values_list("note_id", "views", "score")
    )


# ---------------------------------------------------------------- discounts
def discount(touched: Iterable[tuple[int, int]], weights: EngagementWeights) -> None:
    """(person, note) of acts just digested: sum anew what is discounted of notes that people in
    question touched. One look where there are none."""
    pairs = set(touched)
    suspects = discounted_among({person for person, _note in pairs})
    sum_again({note for person, note in pairs if person in suspects}, weights)


def sum_again(note_ids: Collection[int], weights: EngagementWeights) -> None:
    """What rings and farms added to these notes, by the weights of their members now."""
    for some in chunks(note_ids):
        found = _discounts(some, weights)
        with transaction.atomic():
            gone = [note for note in some if note not in found]
            NoteDiscount.objects.filter(pk__in=these(gone)).delete()
            NoteDiscount.objects.bulk_create(
                [
                    NoteDiscount(note_id=note, score=score, views=views)
                    for note, (score, views) in found.items()
                ],
                update_conflicts=True,
                unique_fields=["note"],
                update_fields=["score", "views"],
            )


def weigh_again(people: Collection[int]) -> None:
    """These people count more or less than before: so do the notes they touched."""
    weights = current()[1].engagement
    for some in chunks(people):
        touched = Event.objects.filter(person__in=some).values_list("note_id", flat=True).distinct()
        note_ids = set(touched)
        sum_again(note_ids, weights)
        refresh(note_ids, weights)


def _discounts(note_ids: list[int], rules: EngagementWeights) -> dict[int, tuple[float, int]]:
    """Note → (engagement, views) to be left out."""
    rows = list(
        Event.objects.filter(who_is_discounted(), note__in=these(note_ids))
        .exclude(kind__in=(Kind.DWELL, Kind.HIDE))
        .values_list("note_id", "note__author_id", "person_id", "kind")
    )
    # What was paid for is in no roll-up, so that there is nothing to leave out.
    paid = paid_pairs({(person, note) for note, _author, person, _kind in rows})
    known = weights_of({(person, author) for _note, author, person, _kind in rows})
    scores = scores_of(rules)
    found: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for note, author, person, kind in rows:
        weight = WHOLE if (person, note) in paid else known.get((person, author), WHOLE)
        if kind in (Kind.IMPRESSION, Kind.OPEN):
            found[note][1] += not counts(weight)
        else:
            found[note][0] += scores[kind] * (1 - weight.value)
    return {note: (score, int(views)) for note, (score, views) in found.items() if score or views}


def scores_of(weights: EngagementWeights) -> dict[int, float]:
    """What each act adds to a note's engagement; what is taken back subtracts it."""
    return {
        Kind.LIKE: weights.like, Kind.UNLIKE: -weights.like,
        Kind.COLLECT: weights.collect, Kind.UNCOLLECT: -weights.collect,
        Kind.COMMENT: weights.comment, Kind.SHARE: weights.share, Kind.FOLLOW: weights.follow,
    }  # fmt: skip
