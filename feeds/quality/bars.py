"""The bar of a channel: its own, its parent's, or the policy's. A new one judges notes anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from community.models import Channel
from community.outbox.jobs import enqueue
from feeds.policies import current

from .models import ChannelBar


@dataclass(frozen=True, slots=True)
class Bars:
    """All bars at one time."""

    own: Mapping[int, float]
    default: float

    def of(self, channel: Channel) -> float:
        return self.at(channel.pk, channel.parent_id)

    def at(self, channel_id: int, parent_id: int | None) -> float:
        inherited = self.own.get(parent_id, self.default) if parent_id else self.default
        return self.own.get(channel_id, inherited)


def bars_in_force() -> Bars:
    own = dict(ChannelBar.objects.values_list("channel_id", "bar"))
    return Bars(own, current()[1].pools.quality_bar)


def set_bar(*, channel: Channel, bar: float, by: User, now: datetime) -> ChannelBar:
    """Give a channel its own bar. Its notes are judged anew by a job. Raises Invalid."""
    if not 0 <= bar <= 1:
        raise Invalid(_("A quality bar is from 0 to 1."), field="bar")
    with transaction.atomic():
        row, _created = ChannelBar.objects.update_or_create(
            channel=channel, defaults={"bar": bar, "set_by": by, "set_at": now}
        )
        _judge_again(channel.pk)
    return row


def clear_bar(*, channel: Channel) -> None:
    """Let a channel take its parent's bar again, or the policy's."""
    with transaction.atomic():
        if ChannelBar.objects.filter(channel=channel).delete()[0]:
            _judge_again(channel.pk)


def _judge_again(channel_id: int) -> None:
    enqueue("quality.judge_channel", key=channel_id, channel=channel_id)
