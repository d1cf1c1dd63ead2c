"""Notes in the announcing transaction that an author's following changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts import signals as people

from .models import FollowChange


@receiver(people.user_followed)
def gained(follower_id: int, followed_id: int, now: datetime, **_: Any) -> None:
    FollowChange.objects.create(author_id=followed_id, person_id=follower_id, gained=True, at=now)


@receiver(people.user_unfollowed)
def lost(follower_id: int, followed_id: int, now: datetime, **_: Any) -> None:
    FollowChange.objects.create(author_id=followed_id, person_id=follower_id, gained=False, at=now)
