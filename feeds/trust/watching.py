"""The periodic look: find circles, keep what was found, and weigh again what it concerns.

    watch(now=now)

Everything is derived from standing rows, so a look that is lost or done twice changes nothing
twice. Each look reads the window anew, which is bounded in days and rows; only people whose weight
changed are weighed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from community.outbox.jobs import enqueue_many
from feeds.policies import current
from feeds.policy import Trust

from . import rules, window
from .models import Circle, Member, Reader
from .rules import Found

# People whose credits one job weighs again.
AT_ONCE = 20
State = Circle.State
# Of two findings it is the same circle if so much of the smaller one is in both.
SAME = 0.5


def watch(*, now: datetime) -> int:
    """Look at the engagement of the last days; returns how many circles are discounted."""
    trust = current()[1].trust
    acts = window.read_acts(now=now, trust=trust)
    found = [_with_accounts(circle, now, trust) for circle in rules.circles(acts, trust)]
    signs = window.signs_of_accounts(rules.monotone(acts), now=now, trust=trust)
    with transaction.atomic():
        touched = _keep([c for c in found if rules.weight_of(c) < 1], now, trust)
        touched |= _set_readers(signs, now)
        weigh_later(touched)
    return Circle.objects.filter(state=State.FOUND).count()


def _with_accounts(found: Found, now: datetime, trust: Trust) -> Found:
    figures = dict(found.figures)
    figures["shared"] = window.shared_share(found.members)
    figures["young"] = window.young_share(found.members, now=now, trust=trust)
    return replace(found, figures=figures)


def weigh_later(people: Iterable[int]) -> None:
    """Credits and sights of these people are weighed again, in the transaction's jobs."""
    ids = sorted(people)
    groups = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    enqueue_many("trust.weigh_again", [("", {"people": group}) for group in groups])


# ---------------------------------------------------------------- circles
def _keep(found: list[Found], now: datetime, trust: Trust) -> set[int]:
    """Write what was found; returns the people whose weight may have changed."""
    known = {
        circle: set(circle.members.values_list("person_id", flat=True))
        for circle in Circle.objects.select_for_update(no_key=True).exclude(state=State.PAST)
    }
    touched: set[int] = set()
    for finding in found:
        touched |= _write(finding, known, now)
    for circle, members in known.items():
        forgotten = circle.seen_at < now - timedelta(days=trust.keep_days)
        in_force = Circle.objects.filter(pk=circle.pk, state=State.FOUND)
        if forgotten and in_force.update(state=State.PAST):
            touched |= members
    return touched


def _write(found: Found, known: dict[Circle, set[int]], now: datetime) -> set[int]:
    members = set(found.members)
    alike = [c for c, people in known.items() if c.kind == found.kind and _same(members, people)]
    for circle in alike:
        if circle.state == State.LIFTED and _is_part(members, known[circle]):
            # Its members stay those whom a moderator looked at: a lifted circle does not grow.
            Circle.objects.filter(pk=circle.pk).update(seen_at=now)
            return set()
    standing = next((circle for circle in alike if circle.state == State.FOUND), None)
    values = {**_values(found, now), "state": State.FOUND}
    if standing is None:
        standing, _made = Circle.objects.get_or_create(
            kind=found.kind,
            fingerprint=_fingerprint(members),
            defaults={**values, "found_at": now},
        )
    before = (standing.weight, known.get(standing, set()))
    Circle.objects.filter(pk=standing.pk).update(**values)
    standing.seen_at = now
    known[standing] = members
    if before == (rules.weight_of(found), members):
        return set()
    _write_members(standing, found)
    return before[1] | members


def _write_members(circle: Circle, found: Found) -> None:
    circle.members.all().delete()
    Member.objects.bulk_create(
        Member(circle=circle, person_id=person, inside=inside, acts=acts)
        for person, inside, acts in zip(found.members, found.inside, found.acts, strict=True)
    )


def _values(found: Found, now: datetime) -> dict[str, object]:
    signs = rules.strengths(found)
    figures = {
        name: {
            "found": round(value, 3),
            "usual": _usual(found, name),
            "sign": round(signs[name], 3),
        }
        for name, value in found.figures.items()
    }
    return {
        "size": len(found.members),
        "weight": rules.weight_of(found),
        "figures": figures,
        "seen_at": now,
    }


def _usual(found: Found, name: str) -> float:
    """Up to where the figure says nothing."""
    low = rules.SIGNS[name][0]
    return round(max(low, found.usual), 3) if name in ("mutual", "blanket") else low


def _same(members: Collection[int], others: Collection[int]) -> bool:
    both = len(set(members) & set(others))
    return both >= SAME * min(len(members), len(others)) and both > 0


def _is_part(members: set[int], lifted: set[int]) -> bool:
    """Whether most of these were looked at when the circle was lifted."""
    return len(members & lifted) > SAME * len(members)


def _fingerprint(members: Collection[int]) -> str:
    return hashlib.sha256(",".join(map(str, sorted(members))).encode()).hexdigest()


# ---------------------------------------------------------------- single accounts
def _set_readers(signs: dict[int, list[str]], now: datetime) -> set[int]:
    """Rows of people who count for less with everybody; returns those whose weight changed."""
    wanted = {
        person: (rules.account_weight(len(against)), against) for person, against in signs.items()
    }
    farmed = Member.objects.filter(circle__state=State.FOUND, circle__kind=Circle.Kind.FARM)
    for person, weight in farmed.values_list("person_id", "circle__weight"):
        own, against = wanted.get(person, (1.0, []))
        wanted[person] = (min(own, weight), [*dict.fromkeys([*against, "farm"])])
    known = {r.pk: r for r in Reader.objects.select_for_update(no_key=True)}
    gone = known.keys() - wanted.keys()
    changed = {
        person
        for person, (weight, against) in wanted.items()
        if person not in known or (known[person].weight, known[person].signs) != (weight, against)
    }
    for some in window.chunks(gone):
        Reader.objects.filter(pk__in=some).delete()
    Reader.objects.bulk_create(
        [
            Reader(person_id=p, weight=wanted[p][0], signs=wanted[p][1], since=now)
            for p in sorted(changed)
        ],
        update_conflicts=True,
        update_fields=["weight", "signs", "since"],
        unique_fields=["person"],
        batch_size=500,
    )
    return gone | changed


def follow_ruling(circle_id: int, *, now: datetime) -> None:
    """After a moderator's word: the members of a farm get another weight everywhere, and what
    they did is weighed again."""
    people = set(Member.objects.filter(circle=circle_id).values_list("person_id", flat=True))
    others = {
        person: [sign for sign in signs if sign != "farm"]
        for person, signs in Reader.objects.values_list("person_id", "signs")
    }
    _set_readers({person: signs for person, signs in others.items() if len(signs) > 1}, now)
    weigh_later(people)
