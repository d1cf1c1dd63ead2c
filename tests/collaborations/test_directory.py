"""Who is found, how they are measured, and what a tier is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import Profile
from accounts.services import block_user
from feeds.collaborations import directory, rules
from feeds.collaborations.directory import Wanted
from feeds.collaborations.models import Creator
from feeds.insights.models import FeedDay


@pytest.mark.parametrize(
    ("followers", "reach", "tier"),
    [
        (0, 0, "nano"), (999, 10_000, "nano"), (1_000, 10_000, "micro"), (50_000, 30_000, "mid"),
        # Followers whom nobody meets make no tier.
        (500_000, 100, "nano"), (500_000, 20_000, "mid"), (500_000, 40_000, "top"),
    ],
)  # fmt: skip
def test_tiers(followers, reach, tier):
    assert rules.tier_of(followers, reach) == tier


@pytest.mark.parametrize("state", rules.State)
def test_every_act_leads_somewhere_and_ends_lead_nowhere(state):
    acts = [act for side in rules.Side for act in rules.acts_of(side, state)]
    assert bool(acts) == (state in rules.OPEN)
    for side in rules.Side:
        for act in rules.acts_of(side, state):
            assert rules.target(act, side, state) in rules.State


def read(note, seen, likes, *, feed="discover", ago=1):
    FeedDay.objects.create(
        note=note, author=note.author, feed=feed, impressions=seen, likes=likes,
        day=timezone.now().date() - timedelta(days=ago),
    )  # fmt: skip


@pytest.mark.django_db
class TestMeasured:
    def test_reach_leaves_out_what_was_paid_for_and_what_is_old(self, creator, make_note):
        note = make_note(creator)
        read(note, 900, 9)
        read(note, 5_000, 0, feed="boost")
        read(note, 5_000, 0, ago=40)
        Profile.objects.filter(person=creator).update(followers_count=1_500)
        assert directory.measure(now=timezone.now()) == 1
        found = Creator.objects.get(pk=creator.pk)
        assert (found.reach, found.notes, found.tier) == (900, 1, "micro")
        assert found.engagement == pytest.approx(0.01)

    def test_found_by_field_tier_city_and_price(self, creator, bob, channel, owner):
        Profile.objects.filter(person=creator).update(city="Hangzhou")
        directory.measure(now=timezone.now())
        for wanted, hit in (
            (Wanted(), True),
            (Wanted(field=channel.slug), True),
            (Wanted(field="nowhere"), False),
            (Wanted(tier="nano"), True),
            (Wanted(tier="top"), False),
            (Wanted(city="Hangzhou"), True),
            (Wanted(price=39_999), False),
            (Wanted(price=40_000, sort="price"), True),
            (Wanted(sort="--"), True),
        ):
            assert directory.find(owner, wanted).filter(pk=creator.pk).exists() == hit, wanted

    def test_a_main_channel_stands_for_its_parts(self, creator, channel, owner):
        part = channel.parent.children.exclude(pk=channel.pk).first()
        directory.describe(
            person=creator, listed=True, about="", price=None, fields=[part], now=timezone.now()
        )
        assert directory.find(owner, Wanted(field=channel.parent.slug)).exists()
        assert not directory.find(owner, Wanted(field=channel.slug)).exists()

    def test_nobody_is_found_who_did_not_agree_or_keeps_away(self, creator, bob, owner):
        assert not directory.find(owner, Wanted()).filter(pk=bob.pk).exists()
        block_user(blocker=creator, blocked=owner, now=timezone.now())
        assert not directory.find(owner, Wanted()).exists()

    @pytest.mark.parametrize("wrong", [{"price": 0}, {"about": "x" * 501}, {"price": 10**16}])
    def test_odd_listings_are_refused(self, creator, wrong):
        facts = {"listed": True, "about": "", "price": None, "fields": []} | wrong
        with pytest.raises(Invalid):
            directory.describe(person=creator, now=timezone.now(), **facts)


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def many(self, make_person):
        people = [make_person(f"maker{n}") for n in range(7)]
        Creator.objects.bulk_create(
            Creator(
                person=person, listed=True, reach=n // 3, engagement=n / 7, followers=n % 2,
                price=500 + n // 2,
            )
            for n, person in enumerate(people)
        )  # fmt: skip
        return people

    @pytest.mark.parametrize("sort", directory.SORTS)
    def test_everybody_is_on_one_page_whatever_they_share(self, many, owner, sort):
        found = directory.find(owner, Wanted(sort=sort))
        seen, after = [], ""
        for _page in range(4):
            rows, after = directory.page_of(found, sort=sort, after=after, size=2)
            seen += [row.pk for row in rows]
        assert after == ""
        assert seen == [row.pk for row in found]

    @pytest.mark.parametrize("after", ["", "x", "~", "nan~1", "1e999~3", "1~" + "9" * 40, "1~-2"])
    def test_what_is_no_place_is_the_beginning(self, client, many, owner, after):
        client.force_login(owner)
        page = client.get("/creators/", {"after": after})
        assert page.status_code == 200
        assert page.content.decode().count('class="creator"') == 7

    @pytest.mark.parametrize("sort", directory.SORTS)
    def test_a_page_is_read_in_the_order_of_an_index(self, many, owner, channel, sort):
        if connection.vendor == "postgresql":  # which reads a small table whole, and is right
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for wanted in (Wanted(sort=sort), Wanted(sort=sort, tier="top", city="Dali", price=9)):
            plan = directory.find(owner, wanted).explain()
            assert f"creators_by_{sort}" in plan
            assert "TEMP B-TREE" not in plan, plan
        plan = directory.find(owner, Wanted(sort=sort, field=channel.slug)).explain()
        assert "TEMP B-TREE" not in plan, plan
