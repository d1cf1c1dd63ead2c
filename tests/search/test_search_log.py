"""What people search for is noted once, theirs to remove, and counted by people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Profile
from community.models import Note, Tag
from feeds.models import Interest
from feeds.searches import keeping, learning, tasks
from feeds.searches.log import (
    MOST_AT_ONCE,
    counts_since,
    forget_search,
    forget_searches,
    history_of,
    log_search,
)
from feeds.searches.models import SearchDay, SearchLog

NOW = timezone.now()
HOUR = timedelta(hours=1)


def search(person, text, *, at=NOW, results=3):
    return log_search(person=person, text=text, kind="notes", results=results, now=at)


def test_a_search_is_noted_and_the_same_words_again_within_the_hour_are_the_same(alice):
    assert search(alice, "Ｃoffee  Cup")
    assert search(alice, "coffee cup", at=NOW + HOUR / 2)
    row = SearchLog.objects.get()
    assert (row.key, row.text, row.at) == ("coffee cup", "coffee cup", NOW + HOUR / 2)
    search(alice, "coffee cup", at=NOW + 2 * HOUR)
    assert SearchLog.objects.count() == 2
    assert history_of(alice) == ["coffee cup"]


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_nothing_said_is_not_noted(alice, text):
    assert not search(alice, text)


def test_visitors_and_people_without_personalisation_leave_no_trace(alice):
    search(alice, "before")
    Profile.objects.filter(person=alice).update(personalised=False)
    assert not search(None, "coffee")
    assert not search(alice, "coffee")
    assert SearchLog.objects.count() == 1
    assert history_of(alice) == [] == history_of(None)


def test_history_is_the_last_distinct_searches_newest_first_and_only_ones_own(alice, bob):
    for number in range(25):
        search(alice, f"word {number}", at=NOW + number * timedelta(minutes=1) * 10)
    search(bob, "secret of bob")
    assert history_of(alice) == [f"word {n}" for n in range(24, 4, -1)]
    assert history_of(alice, begins="WORD 2", most=3) == ["word 24", "word 23", "word 22"]


def test_one_search_or_all_of_them_can_be_removed(alice, bob):
    for text in ("tea", "coffee", "cake"):
        search(alice, text)
        search(bob, text)
    assert forget_search(person=alice, text="Ｔea") == 1
    assert set(history_of(alice)) == {"coffee", "cake"}
    forget_searches(person=alice)
    assert history_of(alice) == []
    assert counts_since(NOW - HOUR)["tea"] == ("tea", 1)
    assert len(history_of(bob)) == 3


def test_counts_are_of_people_however_often_one_asks(alice, bob, charlie):
    for hours in range(5):
        search(alice, "kiln", at=NOW + hours * 2 * HOUR)
    search(bob, "Kiln", at=NOW + HOUR)
    search(charlie, "old", at=NOW - 48 * HOUR)
    counts = counts_since(NOW - HOUR)
    assert counts["kiln"][1] == 2
    assert "old" not in counts


def test_one_person_cannot_flood_the_counts(alice):
    noted = [search(alice, f"spam {number}") for number in range(MOST_AT_ONCE + 20)]
    assert sum(noted) == MOST_AT_ONCE == len(counts_since(NOW - HOUR))
    assert search(alice, "later", at=NOW + HOUR)


def test_days_keep_only_what_several_people_asked_and_rolling_up_twice_is_once(
    alice, bob, charlie, make_person
):
    yesterday = NOW - timedelta(days=1)
    for person in (alice, bob, charlie):
        search(person, "glaze", at=yesterday, results=0 if person is bob else 2)
    search(alice, "my own worry", at=yesterday)
    for _ in range(2):
        keeping.roll_up(now=NOW)
    day = SearchDay.objects.get()
    assert (day.key, day.people, day.in_vain) == ("glaze", 3, 1)


def test_old_searches_are_forgotten_and_the_periodic_task_may_run_twice(alice):
    search(alice, "long ago", at=NOW - keeping.KEEP_LOG - HOUR)
    search(alice, "now")
    tasks.keep_searches.once()
    tasks.keep_searches.once()
    assert list(SearchLog.objects.values_list("text", flat=True)) == ["now"]


# ---------------------------------------------------------------- learning
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("latte art", ["latte-art", "latteart", "latte", "art"]),
        ("杭州咖啡", ["杭州咖啡", "杭州-咖啡", "杭州", "咖啡"]),
        ('"\0*()', []),
    ],
)
def test_the_names_in_a_query(text, names):
    found = learning.names_in(text)
    assert set(names) <= set(found)
    assert bool(found) == bool(names)


def test_a_search_moves_the_interest_in_the_tags_and_channels_it_names_once(
    alice, bob, make_note, work_off, channel
):
    make_note(alice, tags=["glaze", "latte art"])
    work_off()
    search(bob, "glaze of pottery")
    work_off()
    learning.digest()
    weights = {(row.kind, row.target): row.acts for row in Interest.objects.filter(person=bob)}
    assert weights[Interest.Kind.TAG, Tag.objects.get(key="glaze").pk] == 1
    assert weights[Interest.Kind.CHANNEL, channel.pk] == 1


def test_a_search_teaches_nothing_about_tags_that_only_hidden_notes_carry(
    alice, bob, make_note, work_off
):
    make_note(alice, tags=["secretplan"], visibility=Note.Visibility.PRIVATE)
    search(bob, "secretplan")
    work_off()
    assert not Interest.objects.filter(person=bob).exists()


# ---------------------------------------------------------------- the page
def test_the_page_notes_real_searches_only(client, alice):
    client.force_login(alice)
    client.get("/search/?q=guess", headers={"Sec-Purpose": "prefetch;prerender"})
    client.head("/search/?q=head")
    client.get("/search/")
    assert not SearchLog.objects.exists()
    client.get("/search/?q=bowl")
    client.get("/api/v1/search/?q=cup&type=tags")
    assert set(SearchLog.objects.values_list("text", "kind")) == {
        ("bowl", "notes"),
        ("cup", "tags"),
    }
    client.logout()
    client.get("/search/?q=visitor")
    assert SearchLog.objects.count() == 2
