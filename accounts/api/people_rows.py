"""People as JSON, any number of them in three queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from accounts.models import Follow, Mute, User
from accounts.privacy import sees

AVATAR_FILE = "320.jpg"


def people_json(people: Sequence[User], *, viewer: User | None, base: str) -> list[dict[str, Any]]:
    """What others may read about people (profiles joined), and how the viewer is tied to them.

    `base` is the site's address, e.g. "https://pool.example.org".
    """
    ties = ViewerTies(viewer, [person.pk for person in people])
    return [_person_json(person, ties, base) for person in people]


class ViewerTies:
    """Whom of these the viewer follows and mutes, and who of them follows the viewer."""

    def __init__(self, viewer: User | None, ids: Iterable[int]) -> None:
        self.viewer_id = viewer.pk if viewer is not None else None
        ids = list(ids) if viewer is not None else []
        mine = Follow.objects.filter(follower=self.viewer_id, followed__in=ids)
        theirs = Follow.objects.filter(followed=self.viewer_id, follower__in=ids)
        muted = Mute.objects.filter(muter=self.viewer_id, muted__in=ids)
        self.followed = set(mine.values_list("followed", flat=True)) if ids else set()
        self.followers = set(theirs.values_list("follower", flat=True)) if ids else set()
        self.muted = set(muted.values_list("muted", flat=True)) if ids else set()

    def to(self, person_id: int) -> dict[str, bool]:
        return {
            "is_me": person_id == self.viewer_id,
            "follows": person_id in self.followed,
            "followed_by": person_id in self.followers,
            "mutes": person_id in self.muted,
        }


def author_json(*, username: str, display_name: str, avatar: str, base: str) -> dict[str, Any]:
    """The short form that stands beside what somebody wrote."""
    return {
        "username": username,
        "name": display_name or username,
        "avatar": avatar_address(avatar, base),
    }


def avatar_address(folder: str, base: str) -> str | None:
    return f"{base}{settings.MEDIA_URL}{folder}/{AVATAR_FILE}" if folder else None


def _person_json(person: User, ties: ViewerTies, base: str) -> dict[str, Any]:
    profile = person.profile
    short = author_json(
        username=person.username,
        display_name=profile.display_name,
        avatar=profile.avatar,
        base=base,
    )
    shown = sees(
        profile.seen_by,
        is_self=person.pk == ties.viewer_id,
        is_member=ties.viewer_id is not None,
        follows=person.pk in ties.followed,
    )
    return short | {
        "bio": profile.bio if shown else "",
        "city": profile.city
        if shown and not (profile.teen and person.pk != ties.viewer_id)
        else "",
        "followers": profile.followers_count,
        "following": profile.following_count,
        "joined_on": person.date_joined.date(),
        "viewer": ties.to(person.pk),
    }
