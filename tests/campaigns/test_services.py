"""A campaign from its draft to its prizes, and every refusal on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.brands.models import Brand, Member
from community.models import Tag
from community.notifications.models import Notification
from community.services.comments import add_comment
from community.services.reactions import collect_note, like_note
from community.services.tag_keeping import merge_tags
from feeds.campaigns import ranking, services
from feeds.campaigns.models import Award, Campaign
from feeds.campaigns.rules import WIDE_USE, State
from feeds.hot import rank_hot
from feeds.topics.models import ScheduledEvent

from .conftest import DAY, facts

pytestmark = pytest.mark.django_db
NOTES = {"ago": timedelta(minutes=30), "tags": ["owncup2026"]}


def over(campaign):
    """Its time is over, and the clock has looked."""
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=timezone.now())
    services.advance(now=timezone.now())
    campaign.refresh_from_db()
    return campaign


# ---------------------------------------------------------------- drafts
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 61}),
        ("about", {"about": ""}),
        ("rules_text", {"rules_text": "x" * 4_001}),
        ("tags", {"tags": []}),
        ("tags", {"tags": ["a", "b", "c", "d"]}),
        ("tags", {"tags": ["  ", "#"]}),
        ("ends_at", {"ends_at": timezone.now() - 2 * DAY}),
        ("ends_at", {"ends_at": timezone.now() + 200 * DAY}),
        ("starts_at", {"starts_at": timezone.now() + 181 * DAY,
                       "ends_at": timezone.now() + 190 * DAY}),
        ("prizes", {"prizes": [("A cup", 0)]}),
        ("prizes", {"prizes": [("A cup", 101)]}),
        ("prizes", {"prizes": [("x" * 81, 1)]}),
        ("prizes", {"prizes": [("A cup", 1)] * 6}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_beside_its_field(owner, brand, field, wrong):
    with pytest.raises(Invalid) as refused:
        services.begin(by=owner, brand_slug=brand.slug, facts=facts(**wrong), now=timezone.now())
    assert refused.value.field == field
    assert not Campaign.objects.exists()


def test_only_the_team_with_the_right_runs_it(owner, brand, alice, bob, staff, draft):
    Member.objects.create(brand=brand, person=bob, role="editor", joined_at=timezone.now())
    now = timezone.now()
    for person, refusal in ((alice, NotFound), (bob, NotAllowed)):
        with pytest.raises(refusal):
            services.begin(by=person, brand_slug=brand.slug, facts=facts(), now=now)
    with pytest.raises(NotAllowed):
        services.begin(by=owner, brand_slug=None, facts=facts(), now=now)
    for person in (alice, bob, staff):
        with pytest.raises(NotFound):
            services.submit(by=person, pk=draft.pk, now=now)
    with pytest.raises(NotAllowed):
        services.approve(by=owner, pk=draft.pk, now=now)
    Member.objects.filter(brand=brand, person=owner).delete()
    with pytest.raises(NotFound):
        services.submit(by=owner, pk=draft.pk, now=now)


def test_only_verified_brands_call(owner, brand, draft):
    Brand.objects.filter(pk=brand.pk).update(verified_until=timezone.now())
    with pytest.raises(Conflict):
        services.submit(by=owner, pk=draft.pk, now=timezone.now())


def test_a_tag_in_wide_use_and_one_of_another_campaign_are_refused(
    owner, brand, running, make_note, alice, monkeypatch
):
    now = timezone.now()
    second = services.begin(by=owner, brand_slug=brand.slug, facts=facts(title="Again"), now=now)
    with pytest.raises(Invalid, match="Another campaign"):
        services.submit(by=owner, pk=second.pk, now=now)
    third = services.begin(by=owner, brand_slug=brand.slug, facts=facts(tags=["everyday"]), now=now)
    assert WIDE_USE > 2
    monkeypatch.setattr("feeds.campaigns.rules.WIDE_USE", 2)
    for _ in range(3):
        make_note(alice, tags=["everyday"])
    with pytest.raises(Invalid, match="without knowing"):
        services.submit(by=owner, pk=third.pk, now=now)


def test_what_readers_were_told_stands(owner, running):
    with pytest.raises(Conflict):
        services.edit(by=owner, pk=running.pk, facts=facts(title="Other"), now=timezone.now())


def test_sent_back_mended_and_approved(owner, staff, submitted):
    now = timezone.now()
    with pytest.raises(Invalid):
        services.refuse(by=staff, pk=submitted.pk, words=" ", now=now)
    services.refuse(by=staff, pk=submitted.pk, words="Say who may win.", now=now)
    services.edit(by=owner, pk=submitted.pk, facts=facts(rules_text="All may."), now=now)
    services.submit(by=owner, pk=submitted.pk, now=now)
    found = services.approve(by=staff, pk=submitted.pk, now=now)
    assert found.state == State.APPROVED
    assert found.event is None
    told = Notification.objects.filter(person=owner, kind="campaign")
    assert [row.words for row in told.order_by("pk")] == [
        "Tea from your own cup: sent it back: Say who may win.",
        "Tea from your own cup: approved it",
    ]
    assert told.first().path == f"/my/campaigns/{submitted.pk}/"
    with pytest.raises(Conflict):
        services.approve(by=staff, pk=submitted.pk, now=now)


# ---------------------------------------------------------------- while it is on
def test_who_writes_with_the_tag_takes_part(running, alice, bob, owner, make_note, work_off):
    mine = make_note(alice, **NOTES)
    before = make_note(alice, ago=2 * DAY, tags=["owncup2026"])
    other = make_note(bob, ago=timedelta(minutes=30))
    followers = make_note(bob, **NOTES, visibility="followers")
    team = make_note(owner, **NOTES)
    work_off()
    assert set(ranking.entries_of(running)) == {mine, team}
    assert set(ranking.competing(running)) == {mine}
    assert not {before, other, followers} & set(ranking.entries_of(running))


def test_people_count_once_money_and_authors_never(
    running, alice, bob, charlie, make_note, make_person, work_off
):
    loved, boosted, second = (make_note(person, **NOTES) for person in (alice, bob, alice))
    work_off()
    readers = [make_person(f"reader{n}") for n in range(4)]
    now = timezone.now()
    for reader in readers:
        like_note(person=reader, note_id=loved.pk, now=now)
        collect_note(person=reader, note_id=loved.pk, now=now)
    add_comment(author=alice, note_id=loved.pk, body="Mine", now=now)
    like_note(person=charlie, note_id=second.pk, now=now)
    rows = ranking.standings(running)
    # One note of each author, the better one.
    assert [(row.note_id, row.people) for row in rows] == [(loved.pk, 4), (boosted.pk, 0)]
    assert ranking.rank(running, now=now) == 2
    assert ranking.rank(running, now=now) == 2
    assert [place.note_id for place in running.places.all()] == [loved.pk, boosted.pk]


def test_what_staff_lift_is_lifted_while_it_is_on_and_no_longer(
    running, staff, alice, bob, charlie, make_note, work_off
):
    event = ScheduledEvent.objects.get()
    assert (event.lift, event.starts_at, event.ends_at) == (2.0, running.starts_at, running.ends_at)
    lifted, plain = make_note(alice, **NOTES), make_note(bob, ago=timedelta(minutes=30))
    work_off()
    now = timezone.now()
    for note in (lifted, plain):
        like_note(person=charlie, note_id=note.pk, now=now)

    def heat():
        return {row.note: row.heat for row in rank_hot(now).notes}

    assert heat()[lifted.pk] > 1.9 * heat()[plain.pk]
    services.cancel(by=staff, pk=running.pk, words="It broke its own rules.", now=now)
    assert heat()[lifted.pk] < 1.1 * heat()[plain.pk]
    running.refresh_from_db()
    assert running.state == State.CANCELLED


def test_a_lift_has_bounds(staff, submitted):
    for lift in (0.5, 5.1, float("nan")):
        with pytest.raises(Invalid):
            services.approve(by=staff, pk=submitted.pk, lift=lift, now=timezone.now())


# ---------------------------------------------------------------- when it is over
def test_the_ranking_is_made_final_once(running, owner, alice, bob, make_note, charlie, work_off):
    first, second = make_note(alice, **NOTES), make_note(bob, **NOTES)
    work_off()
    like_note(person=charlie, note_id=first.pk, now=timezone.now())
    over(running)
    assert running.closed_at is not None
    like_note(person=alice, note_id=second.pk, now=timezone.now())
    like_note(person=charlie, note_id=second.pk, now=timezone.now())
    assert services.advance(now=timezone.now()) == 0
    assert ranking.rank(running, now=timezone.now()) == 0
    assert [place.note_id for place in running.places.all()] == [first.pk, second.pk]
    assert Notification.objects.filter(person=owner, words__contains="final").count() == 1
    with pytest.raises(Conflict):
        services.cancel(by=owner, pk=running.pk, words="Late", now=timezone.now())


def test_prizes_go_to_notes_that_may_win_each_once(
    running, owner, alice, bob, charlie, make_note, work_off
):
    first, second, third = (make_note(person, **NOTES) for person in (alice, bob, charlie))
    own = make_note(owner, **NOTES)
    work_off()
    kettle, tea = running.prizes.all()

    def give(prize, note, by=owner):
        return services.award(
            by=by, pk=running.pk, prize_id=prize.pk, note_id=note.pk, now=timezone.now()
        )

    with pytest.raises(Conflict):
        give(kettle, first)
    over(running)
    won = give(kettle, first)
    assert give(kettle, first) == won
    for prize, note, refusal in (
        (kettle, second, Conflict), (tea, first, Conflict), (tea, own, Invalid),
    ):  # fmt: skip
        with pytest.raises(refusal):
            give(prize, note)
    with pytest.raises(NotFound):
        give(tea, second, by=charlie)
    give(tea, second)
    give(tea, third)
    assert Award.objects.count() == 3
    told = Notification.objects.get(person=alice, kind="campaign")
    assert told.words == "You won “A kettle” in Tea from your own cup"
    assert told.path == running.get_absolute_url()


def test_a_suspended_brands_campaign_is_met_by_nobody_and_moved_by_nobody(
    running, owner, brand, client
):
    assert client.get(running.get_absolute_url()).status_code == 200
    Brand.objects.filter(pk=brand.pk).update(suspended_at=timezone.now())
    assert client.get(running.get_absolute_url()).status_code == 404
    with pytest.raises(Conflict):
        services.cancel(by=owner, pk=running.pk, words="Gone", now=timezone.now())


def test_merged_tags_keep_their_campaign(running, alice, make_note, work_off):
    note = make_note(alice, **NOTES)
    mine, into = Tag.objects.get(key="owncup2026"), Tag.objects.create(key="cups", name="Cups")
    merge_tags(into=into, tags=[mine], now=timezone.now())
    work_off()
    assert list(running.tags.all()) == [into]
    assert set(ranking.entries_of(running)) == {note}
