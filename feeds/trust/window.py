"""Engagements of the last days as arrays, read from standing rows, and signs of accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

import numpy as np
from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from accounts.models import Profile, User
from feeds.heat import acts_since
from feeds.policy import Trust

from .acts import Acts, Ints
from .models import Mark
from .size import active_people

AT_ONCE = 900
ROWS = 50_000
# An account is young for a week; what a new account does on its first days is looked at closely.
YOUNG, NEW = timedelta(days=7), timedelta(days=3)
# What more than a third of the active people have says nothing of any of them.
USUAL = 1 / 3


def read_acts(*, now: datetime, trust: Trust) -> Acts:
    """The newest engagements, each a person and note once, at their first hour. What was taken
    back is not there any more; times are the server's, so no device's clock moves them."""
    since = now - timedelta(days=trust.days)
    parts = [
        _columns(rows.filter(**{f"{when}__lte": now}), who, when, trust.most_acts)
        for _act, rows, who, when in acts_since(since)
    ]
    rows = np.concatenate(parts)
    rows = rows[np.argsort(rows[:, 3], kind="stable")][-trust.most_acts :]
    _pairs, first = np.unique(rows[:, :2], axis=0, return_index=True)
    person, note, author, hour = rows[np.sort(first)].T
    return Acts(person, note, author, hour)


def _columns(rows: QuerySet, who: str, when: str, most: int) -> Ints:
    newest = rows.order_by(f"-{when}").values_list(f"{who}_id", "note_id", "note__author_id", when)
    found = iter(newest[:most].iterator(chunk_size=ROWS))
    parts = [np.empty((0, 4), dtype=np.int64)]
    while some := list(islice(found, ROWS)):
        parts.append(
            np.array(
                [(p, n, a, int(at.timestamp()) // 3600) for p, n, a, at in some if p is not None],
                dtype=np.int64,
            ).reshape(-1, 4)
        )
    return np.concatenate(parts)


# ---------------------------------------------------------------- accounts
def young_share(people: Collection[int], *, now: datetime, trust: Trust) -> float:
    """How much larger the share of young accounts is among these than among the active people."""
    since = (now - timedelta(days=trust.days)).date()
    young = User.objects.filter(date_joined__gt=now - YOUNG)
    active = young.filter(profile__active_on__gte=since).count()
    usual = active / max(1, active_people(now, trust))
    share = sum(young.filter(pk__in=some).count() for some in chunks(people)) / len(people)
    return max(0.0, share - usual)


def shared_share(people: Collection[int]) -> float:
    """The share of these who came from a network or device that at least three of them use and
    that is theirs: no more others than members were seen on it."""
    members = set(people)
    on: dict[tuple[date, int, str], set[int]] = {}
    for some in chunks(people):
        rows = Mark.objects.filter(person__in=some).values_list("week", "kind", "mark", "person_id")
        for week, kind, mark, person in rows:
            on.setdefault((week, kind, mark), set()).add(person)
    sharing: set[int] = set()
    for (week, kind, mark), some_members in on.items():
        if len(some_members) >= 3:
            everybody = Mark.objects.filter(week=week, kind=kind, mark=mark).count()
            if everybody <= 2 * len(some_members):
                sharing |= some_members
    return len(sharing & members) / len(members)


def signs_of_accounts(single_minded: set[int], *, now: datetime, trust: Trust) -> dict[int, list]:
    """Signs of single accounts by person, of those with more than one: new, address not confirmed,
    all acts with one author. A sign that is usual in the community is none."""
    active = max(1, active_people(now, trust))
    since = (now - timedelta(days=trust.days)).date()
    came = Profile.objects.filter(active_on__gte=since)
    joined = User.objects.filter(date_joined__gt=now - NEW, pk__in=came.values("person"))
    new = set(joined.values_list("pk", flat=True))
    new = new if len(new) <= USUAL * active else set()
    suspects = new | single_minded
    confirmed = EmailAddress.objects.filter(verified=True)
    known = confirmed.filter(user__in=came.values("person")).values("user").distinct().count()
    unconfirmed: set[int] = set()
    if active - known <= USUAL * active:
        unconfirmed = suspects - set(_of(suspects, confirmed))
    named = {"new": new, "unconfirmed": unconfirmed, "one author": single_minded}
    found = {p: [sign for sign, who in named.items() if p in who] for p in suspects}
    return {person: signs for person, signs in found.items() if len(signs) > 1}


def _of(people: Collection[int], addresses: QuerySet[EmailAddress]) -> Iterator[int]:
    for some in chunks(people):
        yield from addresses.filter(user__in=some).values_list("user_id", flat=True)


def chunks(people: Iterable[int]) -> Iterator[list[int]]:
    found = iter(sorted(people))
    while some := list(islice(found, AT_ONCE)):
        yield some
