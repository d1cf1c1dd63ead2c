"""Suggestions and corrections: useful, quick to gather, and silent about what one may not meet."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Profile
from accounts.services import block_user, follow_user
from community import signals
from community.lexicon.models import TagBan
from community.models import Note, Tag
from community.outbox.models import Job
from community.search.prefixes import begins
from community.services.places import find_or_create_place
from feeds.remembered import Remembered
from feeds.searches import tasks, words
from feeds.searches.correcting import meant
from feeds.searches.log import history_of, log_search
from feeds.searches.lookup import Entry, holds, of_entries
from feeds.searches.models import KnownWord
from feeds.searches.pinyin import syllables
from feeds.searches.suggesting import did_you_mean, popular_searches, suggestions

NOW = timezone.now()


def entry(text, *, kind="tag", weight=5, target=1):
    return Entry(kind, target, text, text, syllables(text), weight)


KNOWN = of_entries(
    [
        entry(text)
        for text in ("咖啡", "咖啡馆", "拿铁", "杭州", "coffee", "celadon", "ceramics", "tea")
    ]
)


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("咖非", "咖啡"),
        ("咖非馆", "咖啡馆"),
        ("航州咖啡", "杭州咖啡"),
        ("杭州拿贴", "杭州拿铁"),
        ("kafei", "咖啡"),
        ("ka fei", "咖啡"),
        ("cofee", "coffee"),
        ("cofffee cup", "coffee cup"),
        ("celadno", "celadon"),
        ("cermaics tea", "ceramics tea"),
    ],
)
def test_slips_are_understood(query, other):
    assert other in meant(query, KNOWN)


@pytest.mark.parametrize(
    "query", ["咖啡", "coffee", "tea", "te", "", "12345", "zzzzzzzz", "的", "🙂"]
)
def test_what_is_known_or_like_nothing_is_left_alone(query):
    assert meant(query, KNOWN) == []


@pytest.mark.parametrize(
    ("key", "word", "held"),
    [
        ("latte art", "art", True),
        ("latte-art", "art", True),
        ("party", "art", False),
        ("咖啡馆", "咖啡", True),
        ("art", "latte art", False),
    ],
)
def test_a_banned_word_is_held_as_a_word(key, word, held):
    assert holds(key, word) is held


# ---------------------------------------------------------------- with rows
@pytest.fixture
def gather():
    def now():
        words.build(now=timezone.now())
        Remembered.forget_everything()

    return now


def texts(begun, viewer=None):
    return [(row.kind, row.text) for row in suggestions(begun, viewer=viewer)]


def test_gathering_twice_changes_nothing_and_follows_the_notes(alice, make_note, work_off):
    note = make_note(alice, "Celadon", tags=["celadon"])
    make_note(alice, "Celadon again", tags=["celadon"])
    work_off()
    tasks.gather_words.once()
    before = list(KnownWord.objects.order_by("pk").values())
    assert {"tag", "word", "channel"} <= {row["kind"] for row in before}
    tasks.gather_words.once()
    assert list(KnownWord.objects.order_by("pk").values()) == before
    for row in Note.objects.all():
        row.tags.clear()
    Note.objects.filter(pk=note.pk).update(title="Other", body="x")
    words.build(now=NOW)
    assert not KnownWord.objects.filter(key="celadon").exists()


def test_tags_places_people_and_pinyin_are_offered(alice, make_note, work_off, gather):
    place = find_or_create_place(name="咖啡角", city="杭州", latitude=30.2, longitude=120.1)
    make_note(alice, "One", tags=["咖啡", "alike"], place=place)
    work_off()
    gather()
    assert texts("kafei") == [("tag", "咖啡"), ("place", "咖啡角")]
    assert texts("ali") == [("tag", "alike"), ("person", "alice")]
    assert ("tag", "alike") in texts("#ali")
    assert texts("zzz") == []


def test_a_word_begins_by_its_letters_its_sound_or_its_first_letters(
    alice, make_note, work_off, gather
):
    make_note(alice, "One", tags=["咖啡", "latte-art", "50%off_now"])
    work_off()
    gather()
    for begun in ("咖", "kafei", "kaf", "kf", "KAFEI", "ka fei"):
        assert ("tag", "咖啡") in texts(begun), begun
    for begun in ("c", "a", "art", "'", "ka'", "%", "_", "\U0010ffff"):
        assert ("tag", "咖啡") not in texts(begun) or begun == "ka'"
    assert texts("_") == texts("%") == []


def test_what_is_offered_reads_a_few_words_however_many_are_known(
    alice, make_note, work_off, gather, django_assert_max_num_queries
):
    make_note(alice, "One", tags=["kiln"])
    work_off()
    gather()
    with django_assert_max_num_queries(11):
        assert ("tag", "kiln") in texts("kil", alice)
    with django_assert_max_num_queries(12):
        assert did_you_mean("kilm", viewer=alice) == "kiln"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="another planner, another wording")
@pytest.mark.parametrize("field", ["key", "typed", "firsts"])
def test_what_begins_so_is_found_by_an_index(field):
    plan = KnownWord.objects.filter(begins(field, "ki")).exclude(kind__in=["word"]).explain()
    assert "USING INDEX" in plan
    assert "SCAN" not in plan


def test_words_written_before_they_could_be_looked_up_are_mended(
    alice, make_note, work_off, gather
):
    make_note(alice, "One", tags=["咖啡"])
    work_off()
    gather()
    KnownWord.objects.update(typed="", firsts="", letters=0)
    assert texts("kf") == []
    gather()
    assert texts("kf") == [("tag", "咖啡")]


def test_what_only_unseen_notes_carry_is_never_offered(
    alice, bob, charlie, make_note, work_off, gather
):
    home = find_or_create_place(name="Secret home", city="", latitude=1, longitude=1)
    make_note(alice, "x", tags=["secretplan"], place=home, visibility=Note.Visibility.PRIVATE)
    make_note(alice, "y", tags=["secretclub"], visibility=Note.Visibility.FOLLOWERS)
    make_note(alice, "z", tags=["secretly-open"])
    work_off()
    gather()
    for viewer in (None, charlie, bob):
        assert texts("secret", viewer) == [("tag", "secretly-open")]
    block_user(blocker=alice, blocked=charlie)
    assert texts("secret", charlie) == []
    Note.objects.filter(title="z").update(hidden_at=NOW)
    assert texts("secret", bob) == []


def searched(people, text, results=3):
    for person in people:
        log_search(person=person, text=text, kind="notes", results=results, now=timezone.now())


def test_searches_of_enough_people_are_offered_to_others(
    alice, bob, charlie, make_person, make_note, work_off, gather
):
    make_note(alice, "Raku firing")
    work_off()
    searched([alice, bob, charlie], "raku firing")
    searched([alice, bob], "two only")
    searched([alice, bob, charlie], "in vain", results=0)
    gather()
    assert popular_searches() == ["raku firing"]
    assert texts("rak", make_person("dora")) == [("search", "raku firing")]
    assert texts("rak", alice) == [("history", "raku firing")]
    assert texts("", None) == [("search", "raku firing")]
    assert texts("two") == texts("in v") == []


def test_searches_that_lead_only_to_unseen_notes_are_offered_to_nobody_else(
    alice, bob, charlie, make_person, make_note, work_off, gather
):
    note = make_note(alice, "x", tags=["secretclub"], visibility=Note.Visibility.FOLLOWERS)
    work_off()
    follow_user(follower=bob, followed=alice)
    searched([alice, charlie, make_person("dora")], "secretclub")
    gather()
    for begun in ("secret", ""):
        assert texts(begun) == texts(begun, make_person(f"e{len(begun)}")) == []
        assert texts(begun, bob) == [("search", "secretclub")]
    Note.objects.filter(pk=note.pk).update(hidden_at=NOW)
    assert texts("secret", bob) == []


def test_a_loaded_community_has_words_at_once(alice, make_note, work_off):
    make_note(alice, "One", tags=["celadon"])
    assert texts("cel") == []
    work_off()
    signals.community_loaded.send(sender=None, now=NOW)
    Job.objects.update(run_at=timezone.now())
    work_off()
    assert texts("cel") == [("tag", "celadon")]


def test_banned_words_are_never_suggested_nor_what_contains_them(
    alice, bob, charlie, make_note, work_off, gather
):
    make_note(alice, "Now", tags=["badword"])
    work_off()
    searched([alice, bob, charlie], "badword now")
    gather()
    assert len(texts("badw")) == 2
    KnownWord.objects.filter(key="badword").update(banned=True)
    gather()
    assert texts("badw") == []
    assert popular_searches() == []
    assert did_you_mean("badwrod", viewer=None) is None


def test_a_banned_tag_is_never_suggested(alice, make_note, work_off, gather):
    make_note(alice, "One", tags=["badtag"])
    work_off()
    gather()
    assert texts("badt") == [("tag", "badtag")]
    TagBan.objects.create(tag=Tag.objects.get(key="badtag"), reason="spam", banned_at=NOW)
    gather()
    assert texts("badt") == []


def test_own_history_is_offered_until_removed_or_switched_off(client, alice, gather):
    searched([alice], "tea bowl")
    searched([alice], "tea cup")
    gather()
    assert texts("tea", alice) == [("history", "tea cup"), ("history", "tea bowl")]
    client.force_login(alice)
    assert "tea bowl" in client.get("/search/").text
    assert client.post("/search/history/", {"text": "tea cup"}).status_code == 303
    assert history_of(alice) == ["tea bowl"]
    Profile.objects.filter(person=alice).update(personalised=False)
    assert texts("tea", alice) == []
    Profile.objects.filter(person=alice).update(personalised=True)
    client.post("/search/history/")
    assert history_of(alice) == []


def test_did_you_mean_leads_to_something_the_viewer_may_see(
    client, alice, charlie, make_note, work_off, gather
):
    make_note(alice, "Celadon", tags=["celadon"])
    make_note(alice, "Celadon too", tags=["celadon"])
    work_off()
    gather()
    assert did_you_mean("celadno", viewer=charlie) == "celadon"
    assert "?q=celadon" in client.get("/search/?q=celadno").text
    assert client.get("/api/v1/search/?q=celadno").json()["did_you_mean"] == "celadon"
    block_user(blocker=alice, blocked=charlie)
    assert did_you_mean("celadno", viewer=charlie) is None


def test_nothing_found_offers_tags_close_by(client, alice, make_note, work_off, gather):
    make_note(alice, "One", tags=["spaceflight"])
    work_off()
    gather()
    page = client.get("/search/?q=space").text
    assert "/tags/spaceflight/" in page
    assert Tag.objects.filter(key="spaceflight").exists()


# ---------------------------------------------------------------- the interface
def test_the_interface_offers_lists_and_forgets(client, alice, gather):
    searched([alice], "tea bowl")
    gather()
    client.force_login(alice)
    answer = client.get("/api/v1/search/suggest/?q=tea").json()["results"]
    assert answer[0] == {
        "kind": "history", "text": "tea bowl", "detail": "", "url": "/search/?q=tea+bowl"
    }  # fmt: skip
    assert client.get("/api/v1/me/searches/").json() == {"results": ["tea bowl"]}
    assert client.delete("/api/v1/me/searches/?q=").status_code == 400
    assert client.delete("/api/v1/me/searches/?q=tea+bowl").status_code == 204
    assert history_of(alice) == []
    client.logout()
    assert client.get("/api/v1/me/searches/").status_code == 401
    assert client.get("/api/v1/search/suggest/").json() == {"results": []}
    assert client.get("/api/v1/search/suggest/?q=" + "x" * 201).status_code == 400
