"""Authors who buy impressions for a new note, and the reviewer who lets the orders run.

Three kinds of order take turns: one that can be delivered, one that wants more of a channel's
readers than there are, and one that its buyer stops on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Permission

from accounts.errors import DomainError
from accounts.models import Profile, User
from accounts.wallet import audit
from accounts.wallet import services as wallet
from feeds.boosts import services
from feeds.boosts.models import Boost
from feeds.boosts.rules import Audience, State, price_of
from feeds.boosts.services import Wanted
from feeds.policies import current

# Share of the community that an order asks for; how much more than everybody the greedy one.
REACH, TOO_MUCH = 0.1, 2.0
RUNS, STOPPED_AFTER = timedelta(hours=24), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Intent:
    """A note that its author will boost as soon as it is live."""

    note_id: int
    buyer: User
    channel_id: int


class Buyers:
    """Orders as people make them: through the services, with money of their own."""

    def __init__(self, people: int) -> None:
        self.people, self.made = people, 0
        self.intents: list[Intent] = []
        self.to_stop: list[tuple[datetime, User, int]] = []
        self.possible: list[int] = []

    def open(self) -> None:
        """The reviewer, who neither reads nor writes here."""
        self.reviewer = User.objects.create(username="reviewer", is_staff=True)
        Profile.objects.get_or_create(person=self.reviewer)
        self.reviewer.user_permissions.add(Permission.objects.get(codename="review_boost"))

    def act(self, *, now: datetime) -> None:
        """Buy for what was written since, and stop what was to be stopped by now."""
        intents, self.intents = self.intents, []
        for intent in intents:
            try:
                self._buy(intent, now)
            except DomainError:  # the note came below the bar: it may not be boosted
                continue
        due = [row for row in self.to_stop if row[0] <= now]
        self.to_stop = [row for row in self.to_stop if row[0] > now]
        for _at, buyer, boost_id in due:
            if Boost.objects.get(pk=boost_id).is_open:
                services.stop(buyer=buyer, boost_id=boost_id, now=now)

    def _buy(self, intent: Intent, now: datetime) -> None:
        kind, rules = self.made % 3, current()[1].boosts
        share = TOO_MUCH if kind == 1 else REACH
        wanted = Wanted(
            impressions=max(rules.least_impressions, round(self.people * share)),
            starts_at=now,
            ends_at=now + RUNS,
            audience=Audience(channels=frozenset({intent.channel_id})) if kind == 1 else Audience(),
        )
        boost = services.save_order(
            buyer=intent.buyer, note_id=intent.note_id, wanted=wanted, now=now
        )
        price = price_of(boost.impressions, rules.per_thousand)
        wallet.top_up(
            person=intent.buyer, amount=price, key=f"sandbox:{boost.pk}", source="staff", now=now
        )
        services.pay(buyer=intent.buyer, boost_id=boost.pk, seen_total=price, now=now)
        services.approve(boost_id=boost.pk, by=self.reviewer, now=now)
        self.made += 1
        if kind == 0:
            self.possible.append(boost.pk)
        if kind == 2:
            self.to_stop.append((now + STOPPED_AFTER, intent.buyer, boost.pk))

    def figures(self) -> dict[str, float | None]:
        """What became of the orders that ended, and whether each unit of money is where it belongs.

        Of delivery only those tell that could be delivered and were not stopped.
        """
        states = [State.FINISHED, State.STOPPED]
        ended = list(Boost.objects.filter(state__in=states, hold__isnull=False))
        possible = [boost for boost in ended if boost.pk in self.possible]
        exact = [b.charged == b.due and b.charged + b.refunded == b.total for b in ended]
        return {
            "boosts_ended": float(len(ended)),
            "boosts_delivered": _share(
                sum(b.delivered for b in possible), sum(b.impressions for b in possible)
            ),
            "boosts_refunded": _share(sum(b.refunded for b in ended), sum(b.total for b in ended)),
            "money_exact": float(all(exact) and not any(audit.differences())) if ended else None,
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
