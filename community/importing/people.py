"""Write a batch of people, or of follows: a fixed number of statements, whatever the size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.contrib.auth.hashers import make_password
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Block, ChosenInterest, Follow, Profile, User
from accounts.names import CJK, LATIN, MAX_LENGTH, UsernameError, check_username, name_key
from community.rows import insert_rows

from .shapes import FollowRecord, PersonRecord

NOT_IN_NAMES = re.compile(f"[^{LATIN}{CJK}0-9_.-]+")
NAME_FOR_NOBODY = "reader"


def write_people(records: Sequence[PersonRecord]) -> list[int]:
    """Make accounts that nobody can log in to until a password is set; their ids, in order."""
    names = free_usernames([record.username or record.name for record in records])
    people = User.objects.bulk_create(
        User(
            username=name,
            username_key=name_key(name),
            password=make_password(None),
            date_joined=record.joined,
        )
        for name, record in zip(names, records, strict=True)
    )
    ids = [person.pk for person in people]
    Profile.objects.bulk_create(
        _profile(pk, record) for pk, record in zip(ids, records, strict=True)
    )
    ChosenInterest.objects.bulk_create(
        ChosenInterest(person_id=pk, channel_slug=slug, created_at=record.joined)
        for pk, record in zip(ids, records, strict=True)
        for slug in record.interests
    )
    return ids


def _profile(pk: int, record: PersonRecord) -> Profile:
    latitude, longitude = record.point or (None, None)
    return Profile(
        person_id=pk,
        display_name=record.display_name,
        bio=record.bio,
        city=record.city,
        latitude=latitude,
        longitude=longitude,
        language=record.language,
        welcomed_at=record.joined if record.interests else None,
    )


def free_usernames(wanted: Iterable[str]) -> list[str]:
    """Allowed names that nobody has, each as near to the wanted one as a suffix permits."""
    fitting = [_fitting(name) for name in wanted]
    keys = {name_key(name) for name in fitting}
    taken = set(User.objects.filter(username_key__in=keys).values_list("username_key", flat=True))
    return [_first_free(name, taken) for name in fitting]


def _fitting(name: str) -> str:
    """The name without what names may not have; of nothing, a plain one."""
    bare = NOT_IN_NAMES.sub("", name)[:MAX_LENGTH].strip("_.-")
    candidates = (name, bare, f"{bare[: MAX_LENGTH - 1]}2", NAME_FOR_NOBODY)
    return next(candidate for candidate in candidates if _is_allowed(candidate))


def _is_allowed(name: str) -> bool:
    try:
        check_username(name)
    except UsernameError:
        return False
    return True


def _first_free(name: str, taken: set[str]) -> str:
    """The name, or the name with the lowest free number; remembered in `taken`.

    What the fold takes for the same letter is skipped with it: after `lin` comes `lin2`.
    """
    if (key := name_key(name)) not in taken:
        taken.add(key)
        return name
    stem = name[: MAX_LENGTH - 6].rstrip("_.-")
    numbered = set(
        User.objects.filter(username_key__startswith=name_key(stem)).values_list(
            "username_key", flat=True
        )
    )
    for number in range(2, 1_000_000):
        candidate = f"{stem}{number}"
        key = name_key(candidate)
        if key not in taken and key not in numbered and _is_allowed(candidate):
            taken.add(key)
            return candidate
    raise AssertionError("a million people share one name")


def write_follows(records: Sequence[FollowRecord], ids: dict[str, int]) -> list[tuple[int, int]]:
    """Make the follows that no block forbids; return the pairs that are new."""
    wanted = {(ids[record.follower], ids[record.followed]): record.at for record in records}
    people = {pk for pair in wanted for pk in pair}
    apart = blocked_pairs(people, people)
    # Asked by one end only: two long lists would be tried in every combination.
    known = set(
        Follow.objects.filter(follower__in={one for one, _ in wanted}).values_list(
            "follower", "followed"
        )
    )
    new = [pair for pair in wanted if pair not in apart and pair not in known]
    rows = ((one, other, wanted[one, other]) for one, other in new)
    insert_rows(Follow, ("follower", "followed", "created_at"), rows)
    _recount(people)
    return new


def blocked_pairs(some: set[int], others: set[int]) -> set[tuple[int, int]]:
    """Pairs between the two sets with a block between them, in both directions."""
    blocks = Block.objects.filter(Q(blocker__in=some) | Q(blocked__in=some))
    pairs = {
        (one, other)
        for one, other in blocks.values_list("blocker", "blocked")
        if one in others or other in others
    }
    return pairs | {(other, one) for one, other in pairs}


def _recount(people: set[int]) -> None:
    """Both follow counters of these people, from the rows."""
    Profile.objects.filter(person__in=people).update(
        followers_count=_count(Follow.objects.filter(followed=OuterRef("person")), "followed"),
        following_count=_count(Follow.objects.filter(follower=OuterRef("person")), "follower"),
    )


def _count(rows: QuerySet[Follow], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
