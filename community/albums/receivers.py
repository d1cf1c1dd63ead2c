"""A block parts two people in each other's albums at once."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.signals import user_blocked

from .members import part_two


@receiver(user_blocked)
def part(blocker_id: int, blocked_id: int, **_: Any) -> None:
    part_two(one_id=blocker_id, other_id=blocked_id)
