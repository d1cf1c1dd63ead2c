"""Share links that remember who made them and who came by whose, without telling who followed them.

A link's maker may have come by somebody else's link: so links form chains, from hand to hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.limits import TooOften, take
from accounts.models import Follow, User
from accounts.rates import Rate
from community import signals
from community.models import Arrival, Note, NoteStats, Share
from community.notifications.models import Notification
from community.notifications.services import LONGEST_WORDS, tell
from community.text.clean import clean_body

from .access import published_note_for

FORWARD_RATE = Rate.parse("60/1h")
MOST_AT_ONCE = 20


# ---------------------------------------------------------------- links
def share_note(*, person: User, note_id: int, now: datetime | None = None) -> Share:
    """The person's share link to a note, made on first use. Raises NotFound."""
    now = now or timezone.now()
    with transaction.atomic():
        note = published_note_for(person, note_id)
        share = Share.objects.filter(person=person, note=note).first()
        if share is not None:
            return share
        share, created = Share.objects.get_or_create(
            person=person, note=note, defaults=_new_link(person, note, now)
        )
        if created:
            NoteStats.objects.filter(note=note).update(shares=F("shares") + 1)
            signals.note_shared.send(sender=Note, person_id=person.pk, note_id=note.pk, now=now)
    return share


def _new_link(person: User, note: Note, now: datetime) -> dict[str, Any]:
    came_by = Arrival.objects.filter(person=person, note=note).select_related("share").first()
    via = came_by.share if came_by else None
    return {
        "token": get_random_string(12),
        "created_at": now,
        "via": via,
        "depth": min(via.depth + 1, 30_000) if via else 1,
    }


def unshare_note(*, person: User, note_id: int) -> bool:
    """Withdraw one's share link; old copies of it still lead to the note, but count for nobody."""
    with transaction.atomic():
        gone = Share.objects.filter(person=person, note=note_id).delete()[1].get("community.Share")
        if gone:
            NoteStats.objects.filter(note=note_id).update(shares=F("shares") - 1)
    return bool(gone)


# ---------------------------------------------------------------- visits
def arrive(*, share: Share, person: User | None, now: datetime) -> bool:
    """Somebody followed a link. A person counts once a note, for the link they came by first;
    a visitor each time: the caller knows which links a device came by before. Whether it counted.
    """
    if person is None:
        return bool(Share.objects.filter(pk=share.pk).update(visits=F("visits") + 1))
    with transaction.atomic():
        if not _note_arrival(share, person, now):
            return False
        Share.objects.filter(pk=share.pk).update(visits=F("visits") + 1)
    return True


def settle_arrivals(*, person: User, tokens: Sequence[str], signed_up: bool, now: datetime) -> None:
    """A device that came by links turns out to be this person's. The newest link by which a new
    account came gets the sign-up, once. These visits were counted when they happened."""
    found = {s.token: s for s in Share.objects.filter(token__in=tokens).exclude(person=person)}
    shares = [found[token] for token in tokens if token in found]
    with transaction.atomic():
        for share in shares:
            _note_arrival(share, person, now)
        if signed_up:
            _credit_sign_up(person, [share.pk for share in shares])


def _credit_sign_up(person: User, share_ids: Sequence[int]) -> None:
    """To the newest of the links by which the account came, once."""
    arrivals = Arrival.objects.filter(person=person)
    if arrivals.filter(signed_up=True).exists():
        return
    by_share = dict(arrivals.values_list("share_id", "pk"))
    for share_id in reversed(share_ids):
        if share_id in by_share:
            arrivals.filter(pk=by_share[share_id]).update(signed_up=True)
            Share.objects.filter(pk=share_id).update(signups=F("signups") + 1)
            return


def _note_arrival(share: Share, person: User, now: datetime) -> bool:
    if share.person_id == person.pk:
        return False
    _row, created = Arrival.objects.get_or_create(
        person=person, note_id=share.note_id, defaults={"share": share, "at": now}
    )
    return created


# ---------------------------------------------------------------- forwarding
def followers_to_choose(person: User, *, most: int) -> list[User]:
    """Followers of the person, those they follow back first."""
    people = User.objects.visible_to(person).filter(follows__followed=person)
    back = Follow.objects.filter(follower=person).values("followed")
    known = people.select_related("profile").order_by("-follows__created_at")
    chosen = list(known.filter(pk__in=back)[:most])
    if len(chosen) < most:
        chosen += known.exclude(pk__in=back)[: most - len(chosen)]
    return chosen


def forward_note(
    *, person: User, note_id: int, to: Collection[str], words: str = "", now: datetime
) -> int:
    """Send a note to some of one's followers, by their names, with a word; how many there were.

    Who may not see the note, or does not want to hear from this person, is silently left out: the
    sender is not told of other people's blocks. Raises NotFound, Invalid, TooOften.
    """
    words = clean_body(words)
    if len(words) > LONGEST_WORDS:
        text = _("Please use at most %(count)d characters.")
        raise Invalid(text % {"count": LONGEST_WORDS}, field="words")
    names = [name.strip().removeprefix("@") for name in to if name.strip()]
    if not 1 <= len(names) <= MOST_AT_ONCE:
        text = _("Choose one to %(count)d followers.")
        raise Invalid(text % {"count": MOST_AT_ONCE}, field="to")
    people = User.objects.visible_to(person).filter(follows__followed=person)
    # PostgreSQL would not even look for a name with U+0000 in it.
    receivers = list(people.filter(username__in=[n for n in names if "\x00" not in n]))
    if missing := set(names) - {one.username for one in receivers}:
        text = _("%(name)s does not follow you.")
        raise Invalid(text % {"name": sorted(missing)[0]}, field="to")
    allowance = take(scope="forward", who=f"person {person.pk}", rate=FORWARD_RATE)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    with transaction.atomic():
        share_note(person=person, note_id=note_id, now=now)
        for one in receivers:
            tell(
                person_id=one.pk,
                kind=Notification.Kind.FORWARD,
                actor_id=person.pk,
                note_id=note_id,
                words=words,
                now=now,
            )
    return len(receivers)


# ---------------------------------------------------------------- the report
@dataclass(frozen=True, slots=True)
class Hand:
    """Links that went through so many hands, with what came of them."""

    depth: int
    links: int
    visits: int
    signups: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a note went by links: counts alone, for readers are not shown to one another."""

    links: int
    visits: int
    signups: int
    hands: tuple[Hand, ...]

    @property
    def longest(self) -> int:
        return self.hands[-1].depth if self.hands else 0


def spread_of(note: Note) -> Spread:
    """For the note's author: by how many hands it went. One statement."""
    rows = (
        Share.objects.filter(note=note)
        .values_list("depth")
        .annotate(links=Count("pk"), visits=Sum("visits"), signups=Sum("signups"))
        .order_by("depth")
    )
    hands = tuple(Hand(*row) for row in rows)
    return Spread(
        sum(hand.links for hand in hands),
        sum(hand.visits for hand in hands),
        sum(hand.signups for hand in hands),
        hands,
    )


def brought_by(share: Share) -> Hand:
    """For a link's maker: what came of it and of the links made by those who came by it, however
    many hands later."""
    links = visits = signups = 0
    ids = [share.pk]
    while ids:
        rows = list(Share.objects.filter(via__in=ids[:900]).values_list("pk", "visits", "signups"))
        ids = ids[900:] + [row[0] for row in rows]
        links += len(rows)
        visits += sum(row[1] for row in rows)
        signups += sum(row[2] for row in rows)
    return Hand(share.depth, links, share.visits + visits, share.signups + signups)
