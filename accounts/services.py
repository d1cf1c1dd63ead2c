"""Every write about people: keyword-only, the acting person passed in, one transaction each."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import signals
from .errors import Blocked, CannotTieToSelf, Invalid, NotFound
from .file_store import filled, forget, media_root
from .models import Block, ChosenInterest, Follow, Mute, Profile, User
from .names import is_seen, name_key
from .privacy import check_may_follow, withhold

MIN_INTERESTS = 3
BLURRED_DEGREES = 0.01  # about 1 km


def choose_interests(*, person: User, slugs: Iterable[str], now: datetime | None = None) -> None:
    """Replace the channels a person is interested in; at least MIN_INTERESTS."""
    now = now or timezone.now()
    chosen = list(dict.fromkeys(slugs))
    if len(chosen) < MIN_INTERESTS:
        raise Invalid(
            _("Choose at least %(count)d interests.") % {"count": MIN_INTERESTS}, field="interests"
        )
    with transaction.atomic():
        ChosenInterest.objects.filter(person=person).exclude(channel_slug__in=chosen).delete()
        ChosenInterest.objects.bulk_create(
            [ChosenInterest(person=person, channel_slug=slug, created_at=now) for slug in chosen],
            ignore_conflicts=True,
        )
        Profile.objects.filter(person=person, welcomed_at=None).update(welcomed_at=now)
        signals.interests_chosen.send(sender=User, person=person, slugs=chosen, now=now)


# ---------------------------------------------------------------- ties
def person_for(viewer: User | None, username: str) -> User:
    """The person of this name, if the viewer may meet them; NotFound otherwise. What they do not
    show the viewer is not in it."""
    named = User.objects.filter(username_key=name_key(username)).select_related("profile")
    person = named.visible_to(viewer).first()
    if person is None or person.username.casefold() != username.casefold():
        raise NotFound
    return withhold(person, viewer)


def follow_user(*, follower: User, followed: User, now: datetime | None = None) -> bool:
    """Follow somebody; False when so already. Raises CannotTieToSelf, Blocked, NotAllowed."""
    now = now or timezone.now()
    _check_two_people(follower, followed)
    with transaction.atomic():
        between = Q(blocker=follower, blocked=followed) | Q(blocker=followed, blocked=follower)
        if not followed.is_active or Block.objects.filter(between).exists():
            raise Blocked
        check_may_follow(follower.pk, followed.pk)
        _tie, created = Follow.objects.get_or_create(
            follower=follower, followed=followed, defaults={"created_at": now}
        )
        if created:
            _count_follow(follower.pk, followed.pk, +1)
            signals.user_followed.send(
                sender=User, follower_id=follower.pk, followed_id=followed.pk, now=now
            )
    return created


def unfollow_user(*, follower: User, followed: User, now: datetime | None = None) -> bool:
    """Stop following; False when it was not so."""
    with transaction.atomic():
        return _drop_follow(follower.pk, followed.pk, now or timezone.now())


def block_user(*, blocker: User, blocked: User, now: datetime | None = None) -> bool:
    """Part two people everywhere: both follows end, neither sees the other."""
    now = now or timezone.now()
    _check_two_people(blocker, blocked)
    with transaction.atomic():
        _tie, created = Block.objects.get_or_create(
            blocker=blocker, blocked=blocked, defaults={"created_at": now}
        )
        _drop_follow(blocker.pk, blocked.pk, now)
        _drop_follow(blocked.pk, blocker.pk, now)
        if created:
            signals.user_blocked.send(
                sender=User, blocker_id=blocker.pk, blocked_id=blocked.pk, now=now
            )
    return created


def unblock_user(*, blocker: User, blocked: User) -> bool:
    return bool(Block.objects.filter(blocker=blocker, blocked=blocked).delete()[0])


def mute_user(*, muter: User, muted: User, now: datetime | None = None) -> bool:
    """No longer meet somebody in lists and notifications, without telling them."""
    _check_two_people(muter, muted)
    _tie, created = Mute.objects.get_or_create(
        muter=muter, muted=muted, defaults={"created_at": now or timezone.now()}
    )
    return created


def unmute_user(*, muter: User, muted: User) -> bool:
    return bool(Mute.objects.filter(muter=muter, muted=muted).delete()[0])


def _check_two_people(one: User, other: User) -> None:
    if one.pk == other.pk:
        raise CannotTieToSelf


def _drop_follow(follower_id: int, followed_id: int, now: datetime) -> bool:
    gone, _kinds = Follow.objects.filter(follower=follower_id, followed=followed_id).delete()
    if gone:
        _count_follow(follower_id, followed_id, -1)
        signals.user_unfollowed.send(
            sender=User, follower_id=follower_id, followed_id=followed_id, now=now
        )
    return bool(gone)


def _count_follow(follower_id: int, followed_id: int, step: int) -> None:
    """Both counters, lower id first, so that two follows never wait for each other in a circle."""
    counters = {follower_id: "following_count", followed_id: "followers_count"}
    for person_id, field in sorted(counters.items()):
        Profile.objects.filter(person=person_id).update(**{field: F(field) + step})


# ---------------------------------------------------------------- profile
def edit_profile(*, person: User, now: datetime | None = None, **fields: Any) -> None:
    """Change what a person says of themselves; position is blurred before it is stored."""
    editable = {"display_name", "bio", "city", "language", "time_zone", "theme"}
    editable |= {"personalised", "likes_shown", "may_message"}
    position = {"latitude", "longitude"} & fields.keys()
    if unknown := fields.keys() - editable - position:
        raise TypeError(f"edit_profile() does not know {sorted(unknown)}")
    if fields.get("time_zone") and fields["time_zone"] not in available_timezones():
        raise Invalid(_("Choose a time zone from the list."), field="time_zone")
    if fields.get("may_message", "everyone") not in Profile.MayMessage.values:
        raise Invalid(_("Choose who may write to you."), field="may_message")
    if not is_seen(fields.get("display_name", "") or "-"):
        fields["display_name"] = ""  # the username stands there instead
    point = [fields[axis] for axis in position]
    if len(point) == 1 or point.count(None) == 1:
        raise Invalid(_("A position needs both latitude and longitude."), field="latitude")
    for axis in position:
        fields[axis] = blur(fields[axis])
    with transaction.atomic():
        Profile.objects.filter(person=person).update(**fields)
        signals.profile_changed.send(sender=User, person=person, now=now or timezone.now())


def blur(degrees: float | None) -> float | None:
    """Round a coordinate to about 1 km."""
    return None if degrees is None else round(degrees / BLURRED_DEGREES) * BLURRED_DEGREES


def change_avatar(*, person: User, upload: BinaryIO, now: datetime | None = None) -> None:
    """Clean an uploaded picture and make it the person's avatar. Raises what the intake raises."""
    folder = f"avatars/{get_random_string(22)}"
    clean = import_string(settings.AVATAR_INTAKE)
    with tempfile.NamedTemporaryFile() as source:
        for chunk in iter(lambda: upload.read(1 << 16), b""):
            source.write(chunk)
        source.flush()
        with filled(media_root() / folder) as target:
            clean(Path(source.name), target)
    with transaction.atomic():
        former = Profile.objects.filter(person=person).values_list("avatar", flat=True).first()
        Profile.objects.filter(person=person).update(avatar=folder)
        signals.profile_changed.send(sender=User, person=person, now=now or timezone.now())
        if former:
            forget(folders=[media_root() / former])


def were_here(days: Mapping[int, date]) -> None:
    """Note the last day of many people (id → day), e.g. from imported acts; never backwards."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for person_id, day in days.items():
        by_day[day].append(person_id)
    for day, people in by_day.items():
        earlier = Q(active_on=None) | Q(active_on__lt=day)
        for start in range(0, len(people), 500):
            chunk = people[start : start + 500]
            Profile.objects.filter(earlier, person__in=chunk).update(active_on=day)


def was_here(person: User, *, now: datetime) -> None:
    """Note the day a person last came: at most one write a day, none on most pages."""
    today = now.date()
    if person.profile.active_on != today:
        Profile.objects.filter(person=person).update(active_on=today)
        person.profile.active_on = today
