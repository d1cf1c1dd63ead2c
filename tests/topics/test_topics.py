"""From a burst to a topic: who can make one, who decides, who sees it."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import DomainError
from accounts.models import User
from accounts.services import follow_user
from community.models import Note, Tag
from community.services.reactions import like_note
from community.services.tag_keeping import merge_tags
from feeds import lists
from feeds.lists import Item
from feeds.searches import words
from feeds.searches.models import KnownWord, SearchLog
from feeds.topics import finding, reading, services
from feeds.topics.bursts import burst, surprise_of
from feeds.topics.models import ScheduledEvent, ScheduledEventVersion, Topic

pytestmark = pytest.mark.django_db


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.floats(0.1, 1_000))
def test_more_people_are_never_less_surprising(one, two, usual):
    less, more = sorted((one, two))
    assert 0 <= surprise_of(less, usual) <= surprise_of(more, usual) + 1e-9


@pytest.mark.parametrize(
    ("people", "before", "is_burst"),
    [(4, 0, False), (8, 0, True), (8, 8 * 14, False), (60, 10 * 14, True), (10, 9 * 14, False)],
)
def test_a_burst_is_many_against_what_is_usual(people, before, is_burst):
    assert bool(burst(people, before, 14, least_people=5, least_surprise=3)) is is_burst


@pytest.fixture
def crowd(make_person):
    people = [make_person(f"reader{n}") for n in range(12)]
    User.objects.update(date_joined=timezone.now() - timedelta(days=60))
    return people


@pytest.fixture
def festival(crowd, make_note, work_off):
    """Notes of four authors under one tag that twelve people engage with today."""
    notes = [make_note(author, tags=["lantern"]) for author in crowd[:4]]
    for person in crowd:
        for note in notes:
            if note.author_id != person.pk:
                like_note(person=person, note_id=note.pk)
    work_off()
    return notes


@pytest.fixture
def topic(festival):
    finding.find_topics(now=timezone.now())
    return Topic.objects.get(source="tag:lantern")


def open_topic(topic, by):
    return services.decide(topic=topic, state="open", by=by, reason="", now=timezone.now())


def test_a_burst_is_proposed_once_and_shown_to_nobody(topic, alice):
    assert finding.find_topics(now=timezone.now()) == 0
    assert topic.state == "proposed"
    assert topic.figures["people"] == 12
    assert list(reading.topics_shown_to(alice)) == []


def test_an_afternoons_burst_is_told_from_what_a_tag_has_every_day(crowd, make_note, work_off):
    """Twelve people a day are usual for this tag; twelve within an hour are not."""
    now = timezone.now()
    for day in range(1, 8):
        for number, author in enumerate(crowd):
            make_note(author, tags=["tide"], ago=timedelta(days=day, hours=5 + number))
    for author in crowd:
        make_note(author, tags=["tide"], ago=timedelta(minutes=40))
    work_off()
    assert finding.tag_bursts(now, timedelta(days=1)) == {}
    assert finding.tag_bursts(now, timedelta(hours=3))["tide"].people == 12
    finding.find_topics(now=now)
    assert Topic.objects.get(source="tag:tide").figures["people"] == 12


def test_what_happens_at_this_hour_every_day_is_no_burst(crowd, make_note, work_off):
    for day in range(15):
        for author in crowd[:6]:
            make_note(author, tags=["dinner"], ago=timedelta(days=day, minutes=40))
    work_off()
    assert finding.find_topics(now=timezone.now()) == 0


def test_one_author_makes_no_burst(crowd, make_note, work_off):
    note = make_note(crowd[0], tags=["mine"])
    for person in crowd[1:]:
        like_note(person=person, note_id=note.pk)
    work_off()
    assert finding.find_topics(now=timezone.now()) == 0


def test_new_accounts_make_no_burst(festival):
    User.objects.update(date_joined=timezone.now())
    assert finding.find_topics(now=timezone.now()) == 0


def test_searches_burst_by_people_not_by_times(crowd, alice, make_note, work_off):
    make_note(alice, "Kiln")
    work_off()
    now = timezone.now()
    rows = [
        SearchLog(person=crowd[0], text="one", key="one", kind="notes", results=1, at=now)
        for _ in range(50)
    ]
    rows += [
        SearchLog(person=person, text="kiln", key="kiln", kind="notes", results=1, at=now)
        for person in crowd
    ]
    SearchLog.objects.bulk_create(rows)
    finding.find_topics(now=now)
    assert list(Topic.objects.values_list("source", flat=True)) == ["search:kiln"]
    assert [(line.text, line.people) for line in reading.hot_searches(None, now=now)] == [
        ("kiln", 12)
    ]


def test_a_refused_search_leaves_the_list(crowd, alice, make_note, work_off):
    make_note(alice, "Kiln")
    work_off()
    now = timezone.now()
    SearchLog.objects.bulk_create(
        SearchLog(person=person, text="kiln", key="kiln", kind="notes", results=1, at=now)
        for person in crowd
    )
    finding.find_topics(now=now)
    found = Topic.objects.get()
    with pytest.raises(DomainError):
        services.decide(topic=found, state="open", by=alice, reason="", now=now)
    with pytest.raises(DomainError):
        services.decide(topic=found, state="refused", by=alice, reason=" ", now=now)
    services.decide(topic=found, state="refused", by=alice, reason="arranged", now=now)
    assert reading.hot_searches(None, now=now) == []
    assert list(found.steps.values_list("state", "reason")) == [
        ("proposed", "burst"), ("refused", "arranged"),
    ]  # fmt: skip


def test_a_search_that_leads_only_to_unseen_notes_is_on_nobody_elses_list(
    crowd, alice, bob, make_note, work_off
):
    now = timezone.now()
    make_note(alice, "x", tags=["secretclub"], visibility=Note.Visibility.FOLLOWERS)
    work_off()
    follow_user(follower=bob, followed=alice)
    SearchLog.objects.bulk_create(
        SearchLog(
            person=person, text="secretclub", key="secretclub", kind="notes", results=1, at=now
        )
        for person in crowd
    )
    assert reading.hot_searches(None, now=now) == []
    assert [line.text for line in reading.hot_searches(bob, now=now)] == ["secretclub"]


def test_hot_searches_ask_the_index_once_and_the_gate_each_time(
    crowd, alice, make_note, work_off, django_assert_max_num_queries
):
    words_of = ["kiln", "glaze", "raku", "slip"]
    for word in words_of:
        make_note(alice, word)
    work_off()
    now = timezone.now()
    SearchLog.objects.bulk_create(
        SearchLog(person=person, text=word, key=word, kind="notes", results=1, at=now)
        for person in crowd
        for word in words_of
    )
    assert len(reading.hot_searches(None, now=now)) == 4
    with django_assert_max_num_queries(2):
        assert len(reading.hot_searches(None, now=now)) == 4
    Note.objects.update(hidden_at=now)
    assert reading.hot_searches(None, now=now) == []


def test_an_approved_topic_has_a_page_and_a_line(topic, festival, alice, client):
    assert client.get(topic.get_absolute_url()).status_code == 404
    open_topic(topic, alice)
    for order in ("hot", "newest"):
        page = client.get(topic.get_absolute_url(), {"order": order})
        assert page.status_code == 200
        assert page.content.count(b"data-note=") >= 4 or festival[0].title.encode() in page.content
    assert topic.name in client.get(reverse("search")).content.decode()
    assert topic.name in client.get(reverse("hot")).content.decode()
    found = client.get(reverse("api-topic", args=[topic.slug])).json()
    assert {row["note"]["id"] for row in found["results"]} == {note.pk for note in festival}
    (line,) = client.get(reverse("api-hot-searches")).json()["results"]
    assert line["topic"] is True
    assert line["people"] == 12


def test_a_topic_of_unseen_notes_is_not_shown(topic, alice, client):
    open_topic(topic, alice)
    Note.objects.update(visibility=Note.Visibility.PRIVATE)
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert reading.hot_searches(None) == []


def test_merged_topics_live_on_in_one(topic, alice):
    other = Topic.objects.create(
        slug="lights", source="search:lights", name_zh="灯", name_en="Lights",
        queries=["lights"], proposed_at=timezone.now(),
    )  # fmt: skip
    services.merge(topic=other, into=topic, by=alice, now=timezone.now())
    other.refresh_from_db()
    topic.refresh_from_db()
    assert (other.state, other.merged_into_id, topic.queries) == ("closed", topic.pk, ["lights"])


def proposed(name):
    return Topic.objects.create(
        slug=name, source=f"search:{name}", name_zh=name, name_en=name,
        queries=[name], proposed_at=timezone.now(),
    )  # fmt: skip


def merge(one, into, by):
    return services.merge(topic=one, into=into, by=by, now=timezone.now())


def test_merges_decide_on_what_is_there_and_not_on_what_was_read(alice):
    """Two reviewers, each with the page as it was before the other's act."""
    one, two, three = proposed("one"), proposed("two"), proposed("three")
    merge(one, two, alice)
    with pytest.raises(DomainError):
        merge(one, three, alice)
    with pytest.raises(DomainError):
        merge(two, one, alice)
    merge(three, two, alice)
    two.refresh_from_db()
    assert two.queries == ["one", "three", "two"], "the first merge is not overwritten"
    assert (two.state, two.merged_into) == ("proposed", None)
    assert list(two.steps.values_list("reason", flat=True)) == ["took in one", "took in three"]


def test_a_chain_of_merges_leads_to_its_end_and_makes_no_circle(alice):
    one, two, three = proposed("one"), proposed("two"), proposed("three")
    merge(one, two, alice)
    merge(two, three, alice)
    assert set(Topic.objects.filter(merged_into=three).values_list("slug", flat=True)) == {
        "one", "two",
    }  # fmt: skip
    with pytest.raises(DomainError):
        merge(three, one, alice)
    with pytest.raises(DomainError):
        merge(three, three, alice)


def test_topics_events_and_words_follow_tags_that_became_one(topic, alice, work_off, make_note):
    make_note(alice, tags=["lamp"])
    lantern, lamp = Tag.objects.get(key="lantern"), Tag.objects.get(key="lamp")
    now = timezone.now()
    event = ScheduledEvent.objects.create(
        name_zh="x", name_en="x", starts_at=now, ends_at=now + timedelta(days=1)
    )
    event.tags.set([lantern, lamp])
    work_off()
    words.build(now=now)
    gone = lantern.pk
    merge_tags(into=lamp, tags=[lantern], now=now)
    topic.refresh_from_db()
    assert list(topic.tags.values_list("key", flat=True)) == ["lamp"]
    assert list(event.tags.values_list("key", flat=True)) == ["lamp"]
    assert topic.source == "tag:lamp"
    assert not KnownWord.objects.filter(kind="tag", target=gone).exists()
    assert finding.find_topics(now=timezone.now()) == 0, "it is not proposed a second time"


def test_reviewers_decide_in_the_admin_and_it_is_logged(topic, admin_client):
    admin_client.post(
        reverse("admin:topics_topic_changelist"),
        {"action": "approve", "_selected_action": [topic.pk]},
    )
    topic.refresh_from_db()
    assert topic.state == "open"
    assert LogEntry.objects.filter(change_message__contains="open").exists()
    assert (
        admin_client.get(reverse("admin:topics_topic_change", args=[topic.pk])).status_code == 200
    )


def test_events_have_a_window_and_their_versions_are_kept(admin_client):
    now = timezone.now()
    with pytest.raises(ValidationError):
        ScheduledEvent(name_zh="x", name_en="x", starts_at=now, ends_at=now).full_clean()
    answer = admin_client.post(
        reverse("admin:topics_scheduledevent_add"),
        {
            "name_zh": "中秋", "name_en": "Mid-Autumn", "lift": "1.5", "tags": "",
            "starts_at_0": "2026-09-24", "starts_at_1": "00:00",
            "ends_at_0": "2026-09-26", "ends_at_1": "00:00",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert ScheduledEventVersion.objects.get().values["name_en"] == "Mid-Autumn"


def test_all_notes_of_a_topic_are_reached_the_hot_ones_first(topic, alice, crowd, make_note):
    open_topic(topic, alice)
    for day in range(45):
        make_note(crowd[day % 4], tags=["lantern"], ago=timedelta(days=1 + day))
    notes = Note.objects.filter(tagged__tag__key="lantern").order_by("-published_at", "-pk")
    newest = list(notes.values_list("pk", flat=True))
    other = make_note(crowd[5])
    hot = [newest[40], newest[7]]
    lists.store_list("hot", "site", [Item(pk, "hot") for pk in (*hot, other.pk)],
                     now=timezone.now(), policy_version=0)  # fmt: skip
    address = f"/api/v1/topics/{topic.slug}/notes/"
    assert walked(f"{address}?order=newest") == newest
    assert walked(address) == hot + [pk for pk in newest if pk not in hot]
    assert Client().get(f"{topic.get_absolute_url()}?cursor=nonsense").status_code == 400


def walked(address):
    """The ids of all pages."""
    found = []
    while address:
        page = Client().get(address).json()
        found += [card["note"]["id"] for card in page["results"]]
        address = page["next"]
    return found
