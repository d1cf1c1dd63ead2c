"""From an offer to the money, and every way in which it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from accounts.services import block_user, edit_profile
from accounts.wallet import services as wallet
from accounts.wallet.audit import differences
from community.brands import team
from community.models import Note
from community.notifications.models import Notification
from community.services.writing import NoteContent, edit_note, publish_note
from feeds.collaborations import directory, services
from feeds.collaborations.models import Collaboration
from feeds.collaborations.rules import MOST_CHANGES, MOST_ROUNDS, State

from .conftest import PRICE, terms

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


@pytest.fixture(autouse=True)
def the_ledger_holds(db):
    yield
    assert list(differences()) == []


def money(*people):
    return [(wallet.balances_of(p).free, wallet.balances_of(p).held) for p in people]


def test_from_offer_to_money(owner, creator, approved):
    assert money(owner, creator) == [(950_000, PRICE), (0, 0)]
    done = services.publish(by=creator, pk=approved.pk, now=now())
    assert done.state == State.PUBLISHED
    assert money(owner, creator) == [(950_000, 0), (PRICE, 0)]
    note = Note.objects.get(pk=done.note_id)
    assert note.is_published
    assert note.disclosure == Note.Disclosure.PAID
    acts = [step.act for step in done.steps.order_by("pk")]
    assert acts == ["offer", "accept", "hand_in", "approve", "publish"]
    with pytest.raises(Conflict):
        services.publish(by=creator, pk=done.pk, now=now())
    assert money(creator) == [(PRICE, 0)]


def test_publishing_by_the_composers_own_button_pays_as_well(owner, creator, approved):
    publish_note(author=creator, note_id=approved.note_id, now=now())
    approved.refresh_from_db()
    assert approved.state == State.PUBLISHED
    assert money(creator) == [(PRICE, 0)]


def test_what_is_not_approved_as_it_is_is_not_published(creator, drafted, approved):
    edit_note(
        author=creator, note_id=approved.note_id, now=now(),
        content=NoteContent(title="Other words", body="Quite other words.", disclosure="paid"),
    )  # fmt: skip
    with pytest.raises(Conflict):
        publish_note(author=creator, note_id=approved.note_id, now=now())
    assert not Note.objects.get(pk=approved.note_id).is_published
    again = services.hand_in(by=creator, pk=approved.pk, note_id=approved.note_id, now=now())
    assert again.state == State.DRAFTED


def test_the_label_cannot_be_taken_off(creator, approved):
    services.publish(by=creator, pk=approved.pk, now=now())
    with pytest.raises(Invalid) as refused:
        edit_note(
            author=creator, note_id=approved.note_id, now=now(),
            content=NoteContent(title="Mine alone", body="Nobody paid for it.", disclosure=""),
        )  # fmt: skip
    assert refused.value.field == "disclosure"
    assert Note.objects.get(pk=approved.note_id).disclosure == Note.Disclosure.PAID


def test_accepting_twice_holds_once_and_withdrawn_is_withdrawn(owner, creator, offered):
    made = offered()
    for _time in range(2):
        services.accept(by=creator, pk=made.pk, seen_price=PRICE, now=now())
    assert money(owner) == [(950_000, PRICE)]
    with pytest.raises(Conflict):
        services.withdraw(by=owner, pk=made.pk, now=now())
    other = offered()
    services.withdraw(by=owner, pk=other.pk, now=now())
    with pytest.raises(Conflict):
        services.accept(by=creator, pk=other.pk, seen_price=PRICE, now=now())
    assert money(owner) == [(950_000, PRICE)]


def test_terms_go_back_and_forth_a_few_times(owner, creator, offered):
    made, day = offered(), terms().draft_by
    for turn in range(MOST_ROUNDS - 1):
        by = (creator, owner)[turn % 2]
        made = services.counter(
            by=by, pk=made.pk, price=PRICE + turn, draft_by=day, words="More", now=now()
        )
        with pytest.raises(Conflict):
            services.accept(by=by, pk=made.pk, seen_price=made.price, now=now())
    last = (creator, owner)[(MOST_ROUNDS - 1) % 2]
    with pytest.raises(Invalid):
        services.counter(by=last, pk=made.pk, price=1, draft_by=day, words="", now=now())
    with pytest.raises(Conflict):
        services.accept(by=last, pk=made.pk, seen_price=PRICE, now=now())
    services.accept(by=last, pk=made.pk, seen_price=made.price, now=now())
    assert money(owner) == [(1_000_000 - made.price, made.price)]


def test_a_brand_without_the_money_is_told_and_nothing_is_agreed(owner, creator, offered):
    made = offered(price=2_000_000)
    with pytest.raises(services.BrandCannotPay):
        services.accept(by=creator, pk=made.pk, seen_price=2_000_000, now=now())
    made.refresh_from_db()
    assert made.state == State.OFFERED
    told = Notification.objects.filter(person=owner, kind="collaboration")
    assert "wallet" in told.latest("pk").words


def test_each_side_is_told_in_its_own_language_and_where_it_leads(owner, creator, offered):
    edit_profile(person=owner, language="zh-hans")
    made = offered()
    with translation.override("en"):
        services.accept(by=creator, pk=made.pk, seen_price=PRICE, now=now())
    told = Notification.objects.filter(person=owner, kind="collaboration").latest("pk")
    assert told.words == f"{made.brand.name}, {made.title}: 同意"
    assert told.path == f"/collaborations/{made.pk}/"


def test_changes_are_asked_a_few_times(owner, creator, drafted):
    for _time in range(MOST_CHANGES):
        services.ask_changes(by=owner, pk=drafted.pk, words="Brighter, please", now=now())
        services.hand_in(by=creator, pk=drafted.pk, note_id=drafted.note_id, now=now())
    with pytest.raises(Invalid):
        services.ask_changes(by=owner, pk=drafted.pk, words="Once more", now=now())


def test_only_the_draft_that_was_seen_is_approved(owner, creator, drafted):
    edit_note(
        author=creator, note_id=drafted.note_id, now=now(),
        content=NoteContent(title="Changed since", body="Changed since.", disclosure="paid"),
    )  # fmt: skip
    with pytest.raises(Conflict):
        services.approve(by=owner, pk=drafted.pk, seen_revision=drafted.revision, now=now())


@pytest.mark.parametrize("side", ["owner", "creator"])
def test_cancelled_gives_everything_back_once(owner, creator, approved, side):
    by = {"owner": owner, "creator": creator}[side]
    with pytest.raises(Invalid):
        services.cancel(by=by, pk=approved.pk, words=" ", now=now())
    services.cancel(by=by, pk=approved.pk, words="Our plans changed", now=now())
    assert money(owner, creator) == [(1_000_000, 0), (0, 0)]
    with pytest.raises(Conflict):
        services.cancel(by=by, pk=approved.pk, words="Again", now=now())
    # The draft is the creator's own again, label or not.
    note = Note.objects.get(author=creator, state=Note.State.DRAFT)
    edit_note(
        author=creator, note_id=note.pk, now=now(),
        content=NoteContent(title="Mine", body="All my own now.", disclosure=""),
    )  # fmt: skip
    publish_note(author=creator, note_id=note.pk, now=now())
    assert money(owner, creator) == [(1_000_000, 0), (0, 0)]


@pytest.mark.parametrize(
    ("stage", "later", "state", "back"),
    [
        ("offered", 8, State.EXPIRED, True),
        ("agreed", 12, State.EXPIRED, True),
        ("drafted", 6, State.APPROVED, False),
        ("approved", 15, State.EXPIRED, True),
        ("agreed", 5, State.ACCEPTED, False),
    ],
)
def test_deadlines_act_by_themselves(request, owner, stage, later, state, back):
    made = request.getfixturevalue(stage)
    made = made() if callable(made) else made
    moved = services.advance(now=now() + timedelta(days=later))
    made.refresh_from_db()
    assert made.state == state
    assert moved == (stage != "agreed" or back)
    assert services.advance(now=now() + timedelta(days=later)) == 0
    if back:
        assert money(owner) == [(1_000_000, 0)]
    told = Notification.objects.filter(kind="collaboration", person=owner)
    assert told.exists() or not moved


def test_who_left_the_team_can_do_nothing(owner, brand, creator, offered, bob):
    team.invite(actor=owner, slug=brand.slug, username=bob.username, role="manager", now=now())
    invitation = brand.invitations.get()
    team.accept(person=bob, invitation_id=invitation.pk, now=now())
    made = services.offer(
        by=bob, brand_slug=brand.slug, creator=creator.username, terms=terms(), now=now()
    )
    team.remove_member(actor=owner, slug=brand.slug, username=bob.username, now=now())
    for act in (services.withdraw, services.decline):
        with pytest.raises(NotFound):
            act(by=bob, pk=made.pk, now=now())
    # Nor is money of somebody held who speaks for the brand no more.
    with pytest.raises(Conflict):
        services.accept(by=creator, pk=made.pk, seen_price=PRICE, now=now())


def test_strangers_see_and_do_nothing(charlie, agreed):
    for act in (services.withdraw, services.publish):
        with pytest.raises(NotFound):
            act(by=charlie, pk=agreed.pk, now=now())
    with pytest.raises(NotFound):
        services.for_person(charlie, agreed.pk)


def test_editors_of_a_brand_do_not_spend(owner, brand, creator, bob):
    team.invite(actor=owner, slug=brand.slug, username=bob.username, role="editor", now=now())
    team.accept(person=bob, invitation_id=brand.invitations.get().pk, now=now())
    with pytest.raises(NotAllowed):
        services.offer(
            by=bob, brand_slug=brand.slug, creator=creator.username, terms=terms(), now=now()
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 0}, {"price": -5}, {"price": 10**18}, {"title": " "}, {"title": "x" * 101},
        {"brief": ""}, {"draft_by": timezone.now().date()},
        {"draft_by": timezone.now().date().replace(year=9999)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_offered(offered, wrong):
    with pytest.raises(Invalid):
        offered(**wrong)
    assert not Collaboration.objects.exists()


def test_nobody_is_asked_who_is_not_listed_or_blocked_the_brand(owner, creator, offered, channel):
    directory.describe(
        person=creator, listed=False, about="", price=None, fields=[channel], now=now()
    )
    with pytest.raises(NotFound):
        offered()
    directory.describe(person=creator, listed=True, about="", price=None, fields=[], now=now())
    block_user(blocker=creator, blocked=owner, now=now())
    with pytest.raises(NotFound):
        offered()


@pytest.mark.parametrize("what", ["published", "private", "foreign"])
def test_which_notes_can_be_handed_in(creator, agreed, make_note, bob, what):
    note = {
        "published": lambda: make_note(creator),
        "private": lambda: make_note(creator, publish=False, visibility="private"),
        "foreign": lambda: make_note(bob, publish=False),
    }[what]()
    with pytest.raises(DomainError):
        services.hand_in(by=creator, pk=agreed.pk, note_id=note.pk, now=now())


def test_one_draft_belongs_to_one_collaboration(creator, drafted, offered):
    other = offered()
    services.accept(by=creator, pk=other.pk, seen_price=PRICE, now=now())
    with pytest.raises(Conflict):
        services.hand_in(by=creator, pk=other.pk, note_id=drafted.note_id, now=now())
