"""What brands and creators do with an offer.

Every act is a compare-and-set on the state with a line in the log and word to the other side. Money
moves in the same transaction: held when both agree, paid on publication, given back otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.wallet import services as wallet
from community.brands.access import team_member
from community.brands.models import Member
from community.brands.rules import Right, may
from community.models import Note
from community.notifications.models import Notification
from community.notifications.services import tell
from community.services import writing
from community.services.access import own_note
from community.text.clean import clean_body, clean_line

from . import rules
from .models import ACTS, Collaboration, CollaborationStep, Creator
from .rules import Act, Side, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Acts whose line in the log names the price.
OF_TERMS = (Act.OFFER, Act.COUNTER, Act.ACCEPT)


class Elsewhere(Conflict):
    code = "elsewhere"
    message = gettext_lazy("This is no longer where it was. Look at it again.")


class BrandCannotPay(Conflict):
    code = "brand_cannot_pay"
    message = gettext_lazy(
        "The brand's wallet does not hold the price now. It was told; nothing was agreed yet."
    )


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is offered. `draft_by` is the last day for the draft."""

    title: str
    brief: str
    price: int
    draft_by: date


# ---------------------------------------------------------------- offers
@transaction.atomic
def offer(*, by: User, brand_slug: str, creator: str, terms: Terms, now: datetime) -> Collaboration:
    """Offer a listed creator a price for a note. Raises Invalid, NotFound, NotAllowed, Conflict."""
    brand = team_member(by, brand_slug, Right.COLLABORATE).brand
    found = Creator.objects.listed().select_related("person").filter(person__username=creator)
    card = found.filter(person__in=User.objects.visible_to(by)).first()
    if card is None:
        raise NotFound
    if Member.objects.filter(brand=brand, person=card.person).exists():
        raise Invalid(_("This creator is on the brand's own team."), field="creator")
    facts = _checked(terms, now)
    made = Collaboration.objects.create(
        brand=brand, creator=card.person, payer=by, state=State.OFFERED, created_at=now,
        due_at=now + rules.ANSWER, **facts,
    )  # fmt: skip
    _log(made, Act.OFFER, by=by, words="", now=now)
    _tell_others(made, Act.OFFER, by=by, now=now)
    return made


@transaction.atomic
def counter(
    *, by: User, pk: int, price: int, draft_by: date, words: str, now: datetime
) -> Collaboration:
    """Ask for another price or day. Raises as `offer`, and Invalid after too many rounds."""
    found, side = _mine(by, pk, Act.COUNTER)
    if found.rounds >= rules.MOST_ROUNDS:
        raise Invalid(_("There were enough rounds: agree, or decline."), code="too_many")
    terms = Terms(title=found.title, brief=found.brief, price=price, draft_by=draft_by)
    facts = _checked(terms, now)
    more = {"payer": by} if side == Side.BRAND else {}
    return _move(
        found, Act.COUNTER, side, by=by, now=now, words=_line(words), due_at=now + rules.ANSWER,
        price=facts["price"], draft_by=facts["draft_by"], rounds=F("rounds") + 1, **more,
    )  # fmt: skip


def accept(*, by: User, pk: int, seen_price: int, now: datetime) -> Collaboration:
    """Agree, and hold the price in the wallet of the brand's member. Accepting what one accepted
    changes nothing. Raises Conflict where the terms are others than those seen, BrandCannotPay."""
    found, side = _side_of(by, pk)
    if found.state in rules.HELD and found.steps.filter(act=Act.ACCEPT, by=by).exists():
        return found
    try:
        return _accept(by=by, pk=pk, seen_price=seen_price, now=now)
    except wallet.NotEnough:
        if side == Side.BRAND:
            raise
        # Told although nothing was agreed.
        _tell(found, found.payer_id, gettext_lazy("the price is not in your wallet"), now=now)
        raise BrandCannotPay from None


@transaction.atomic
def _accept(*, by: User, pk: int, seen_price: int, now: datetime) -> Collaboration:
    found, side = _mine(by, pk, Act.ACCEPT)
    if seen_price != found.price:
        raise Conflict(_("The price is another than the one you saw. Look at it again."))
    payer = by if side == Side.BRAND else found.payer
    role = Member.objects.filter(brand=found.brand, person=payer).values_list("role", flat=True)
    if not payer.is_active or not may(role.first() or "", Right.COLLABORATE):
        raise Conflict(_("Whoever made the offer speaks for the brand no more. Ask for a new one."))
    if found.brand.suspended_at is not None:
        raise Conflict(_("This brand is suspended."))
    name = f"collaboration:{found.pk}"
    held = wallet.hold(person=payer, amount=found.price, key=name, about=name, now=now)
    ends = _end_of(found.draft_by)
    return _move(found, Act.ACCEPT, side, by=by, now=now, payer=payer, hold=held, due_at=ends)


def decline(*, by: User, pk: int, words: str = "", now: datetime) -> Collaboration:
    return _say(Act.DECLINE, by=by, pk=pk, words=words, now=now)


def withdraw(*, by: User, pk: int, words: str = "", now: datetime) -> Collaboration:
    """Take one's last offer back before it is answered."""
    return _say(Act.WITHDRAW, by=by, pk=pk, words=words, now=now)


@transaction.atomic
def _say(act: Act, *, by: User, pk: int, words: str, now: datetime) -> Collaboration:
    found, side = _mine(by, pk, act)
    return _move(found, act, side, by=by, now=now, words=_line(words), due_at=None)


# ---------------------------------------------------------------- drafts
@transaction.atomic
def hand_in(*, by: User, pk: int, note_id: int, now: datetime) -> Collaboration:
    """Show the brand a draft of one's own; it carries the label from here on."""
    found, side = _mine(by, pk, Act.HAND_IN)
    note = own_note(by, note_id)
    if note.is_published:
        raise Invalid(_("This note is published already: hand in a draft."), field="note")
    if note.visibility != Note.Visibility.PUBLIC:
        raise Invalid(_("A note for a brand is for everybody."), field="note")
    note.disclosure, note.revision = Note.Disclosure.PAID, note.revision + 1
    note.save(update_fields=["disclosure", "revision"])
    try:
        with transaction.atomic():
            return _move(
                found, Act.HAND_IN, side, by=by, now=now, note=note, revision=note.revision,
                due_at=now + rules.REVIEW,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(_("This draft belongs to another collaboration.")) from None


@transaction.atomic
def ask_changes(*, by: User, pk: int, words: str, now: datetime) -> Collaboration:
    """Say what should be different. Raises Invalid without words and after too many times."""
    found, side = _mine(by, pk, Act.ASK_CHANGES)
    said = _line(words)
    if not said:
        raise Invalid(_("Say what should be different."), field="words")
    if found.changes >= rules.MOST_CHANGES:
        raise Invalid(
            _("Changes were asked %(count)d times already: approve, or cancel.")
            % {"count": rules.MOST_CHANGES},
            code="too_many",
        )
    return _move(
        found, Act.ASK_CHANGES, side, by=by, now=now, words=said, changes=F("changes") + 1,
        due_at=max(_end_of(found.draft_by), now + rules.REVIEW),
    )  # fmt: skip


@transaction.atomic
def approve(*, by: User, pk: int, seen_revision: int, now: datetime) -> Collaboration:
    """Approve the draft that one saw. Raises Conflict when it is another by now."""
    found, side = _mine(by, pk, Act.APPROVE)
    if found.note is None or not found.revision == found.note.revision == seen_revision:
        raise Conflict(_("The draft is another than the one you saw. Look at it again."))
    return _move(found, Act.APPROVE, side, by=by, now=now, due_at=now + rules.PUBLISH)


def publish(*, by: User, pk: int, now: datetime) -> Collaboration:
    """Publish what was approved; the guard on publishing pays (guards.py)."""
    found, _side = _mine(by, pk, Act.PUBLISH)
    if found.note_id is None:
        raise NotFound
    writing.publish_note(author=by, note_id=found.note_id, now=now)
    found.refresh_from_db()
    return found


def settle(note: Note, *, now: datetime) -> None:
    """A note of a collaboration is being published, in this transaction: pay for it. Raises
    Conflict where it is not what was approved."""
    found = Collaboration.objects.select_for_update(no_key=True).filter(note=note).first()
    if found is None or found.state not in rules.LABELLED:
        return
    # Publishing itself counts the revision up by one.
    if (
        found.state != State.APPROVED
        or found.revision is None
        or note.revision != found.revision + 1
    ):
        raise Conflict(
            _("The brand has not approved this draft as it is. Hand it in again."), field="note"
        )
    if found.hold is not None:
        wallet.earn(
            hold=found.hold, amount=found.price, key=f"collaboration:{found.pk}:paid",
            to=found.creator, now=now,
        )  # fmt: skip
    _move(
        found, Act.PUBLISH, Side.CREATOR, by=found.creator, now=now, due_at=None, published_at=now
    )


@transaction.atomic
def cancel(*, by: User, pk: int, words: str, now: datetime) -> Collaboration:
    """End it before it is published; the price goes back. Raises Invalid without words."""
    found, side = _mine(by, pk, Act.CANCEL)
    said = _line(words)
    if not said:
        raise Invalid(_("Say why it is cancelled."), field="words")
    return _give_back(found, Act.CANCEL, side, by=by, words=said, now=now)


# ---------------------------------------------------------------- the clock
def advance(*, now: datetime) -> int:
    """Do what deadlines do by themselves; returns how many moved."""
    due = Collaboration.objects.filter(due_at__lte=now, state__in=rules.OPEN).order_by("due_at")
    return sum(_over(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _over(pk: int, now: datetime) -> bool:
    found = _locked().filter(pk=pk, due_at__lte=now, state__in=rules.OPEN).first()
    if found is None:
        return False
    if found.state == State.DRAFTED:
        _move(found, Act.APPROVE_LATE, Side.CLOCK, by=None, now=now, due_at=now + rules.PUBLISH)
    else:
        _give_back(found, Act.EXPIRE, Side.CLOCK, by=None, words="", now=now)
    return True


def _give_back(
    found: Collaboration, act: Act, side: Side, *, by: User | None, words: str, now: datetime
) -> Collaboration:
    if found.hold is not None:
        wallet.release(hold=found.hold, key=f"collaboration:{found.pk}:back", now=now)
    # The draft is the creator's own again.
    return _move(found, act, side, by=by, now=now, words=words, due_at=None, note=None)


# ---------------------------------------------------------------- shared
def for_person(person: User, pk: int) -> tuple[Collaboration, Side]:
    """The collaboration and on which side the person stands, to look at. Raises NotFound."""
    return _side_of(person, pk)


def _side_of(person: User, pk: int) -> tuple[Collaboration, Side]:
    found = _locked().filter(pk=pk).first()
    if found is None:
        raise NotFound
    if found.creator_id == person.pk:
        return found, Side.CREATOR
    team_member(person, found.brand.slug)
    return found, Side.BRAND


def _mine(person: User, pk: int, act: Act) -> tuple[Collaboration, Side]:
    """The same for acting: the right is asked anew, and the act must be possible now."""
    found, side = _side_of(person, pk)
    if not person.is_active:
        raise NotAllowed
    if side == Side.BRAND:
        team_member(person, found.brand.slug, Right.COLLABORATE)
    if rules.target(act, side, State(found.state)) is None:
        raise Elsewhere
    return found, side


def _locked() -> Any:
    """Rows with their money; locked where a transaction is open (SQLite has one writer anyway)."""
    rows = Collaboration.objects.select_related("brand", "creator", "payer", "hold", "note")
    if transaction.get_connection().in_atomic_block:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows


def _move(
    found: Collaboration,
    act: Act,
    side: Side,
    *,
    by: User | None,
    now: datetime,
    words: str = "",
    **facts: Any,
) -> Collaboration:
    """Compare-and-set from the state that was read. Raises Elsewhere where it moved meanwhile."""
    to = rules.target(act, side, State(found.state))
    if to is None:
        raise Elsewhere
    still = Collaboration.objects.filter(pk=found.pk, state=found.state, rounds=found.rounds)
    if not still.update(state=to, **facts):
        raise Elsewhere
    found.refresh_from_db()
    _log(found, act, by=by, words=words, now=now)
    _tell_others(found, act, by=by, now=now)
    return found


def _log(found: Collaboration, act: Act, *, by: User | None, words: str, now: datetime) -> None:
    CollaborationStep.objects.create(
        collaboration=found, act=act, state=found.state, by=by, words=words, at=now,
        price=found.price if act in OF_TERMS else None,
    )  # fmt: skip


def _tell_others(found: Collaboration, act: Act, *, by: User | None, now: datetime) -> None:
    """The other side hears of an act; of the clock's both do."""
    people = {found.creator_id, found.payer_id} - {by.pk if by else None}
    for person_id in people:
        _tell(found, person_id, ACTS[act], now=now)


def _tell(found: Collaboration, person_id: int, words: StrOrPromise, *, now: datetime) -> None:
    tell(
        person_id=person_id,
        kind=Notification.Kind.COLLABORATION,
        words=format_lazy("{}, {}: {}", found.brand.name, found.title, words),
        path=reverse("collaboration", args=[found.pk]),
        now=now,
    )


def _checked(terms: Terms, now: datetime) -> dict[str, Any]:
    """Columns from what was typed. Raises Invalid."""
    title, brief = clean_line(terms.title, max_length=101), clean_body(terms.brief)
    if not title or len(title) > 100:
        raise Invalid(_("Give it a title of at most 100 characters."), field="title")
    if not brief or len(brief) > rules.LONGEST_BRIEF:
        raise Invalid(
            _("Say what is wanted, in at most %(count)d characters.")
            % {"count": rules.LONGEST_BRIEF},
            field="brief",
        )
    if isinstance(terms.price, bool) or not 0 < terms.price <= rules.MOST_PRICE:
        raise Invalid(_("A price is above 0."), field="price")
    today = now.date()
    if not today + rules.NEAREST <= terms.draft_by <= today + rules.FARTHEST:
        raise Invalid(
            _("The day for the draft is from tomorrow to half a year away."), field="draft_by"
        )
    return {"title": title, "brief": brief, "price": terms.price, "draft_by": terms.draft_by}


def _end_of(day: date) -> datetime:
    """The end of a day anywhere on earth."""
    return datetime.combine(day + timedelta(days=1), time(12), UTC)


def _line(words: str) -> str:
    return clean_body(words)[: rules.LONGEST_WORDS]
