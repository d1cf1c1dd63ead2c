"""Search as a reader meets it: order, filters, other words, nothing found, nothing leaked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Profile
from accounts.services import block_user
from community.lexicon.models import TagAlias, Term
from community.models import Note, NoteImage, NoteVideo, Tag
from community.services.places import find_or_create_place
from feeds.geo import Point
from feeds.interests import learn_from_search
from feeds.models import LiveNote
from feeds.searches import serving
from feeds.searches.filters import Narrowed
from feeds.searches.serving import serve_search

NOW = timezone.now()


def found(query, viewer=None, **more):
    page = serve_search(viewer=viewer, query=query, **more).page
    return [item.note_id for item in page.items]


@pytest.fixture
def publish(make_note, work_off):
    def make(author, title, **content):
        note = make_note(author, title, **content)
        work_off()
        return note.pk

    return make


def test_a_word_in_the_title_counts_more_than_one_in_the_text(alice, publish):
    body = publish(alice, "Morning", body="A long walk, and then a celadon cup, " + "and on " * 40)
    title = publish(alice, "Celadon cup")
    assert found("celadon") == [title, body]


def test_all_words_first_and_some_of_them_when_no_note_has_all(alice, publish):
    both = publish(alice, "Celadon teapot")
    one = publish(alice, "Celadon vase")
    all_words = serve_search(viewer=None, query="celadon teapot")
    assert [i.note_id for i in all_words.page.items] == [both]
    assert not all_words.relaxed
    some = serve_search(viewer=None, query="celadon spaceship")
    assert {i.note_id for i in some.page.items} == {both, one}
    assert some.relaxed


def test_words_are_relaxed_where_only_hidden_notes_have_all(alice, publish):
    publish(alice, "Celadon teapot", visibility=Note.Visibility.PRIVATE)
    one = publish(alice, "Celadon vase")
    result = serve_search(viewer=None, query="celadon teapot")
    assert ([i.note_id for i in result.page.items], result.relaxed) == ([one], True)


def test_traditional_and_simplified_writing_find_each_other(alice, publish):
    old = publish(alice, "臺灣咖啡館", body="這是我最喜歡的咖啡館，拿鐵很香，值得一去。" * 3)
    assert found("台湾咖啡馆") == [old]
    new = publish(alice, "杭州的面包", body="这家面包店的吐司很好吃，推荐大家来试试看。" * 3)
    assert found("麵包") == [new]


def test_the_name_of_a_channel_in_one_language_finds_the_word_in_the_other(alice, publish):
    note = publish(
        alice, "周末做陶艺", body="第一次拉坯，泥巴很听话，做了一个小碗。" * 3, tags=["手作"]
    )
    assert note in found("pottery")


def test_other_names_that_operators_teach_are_looked_for_too(alice, publish):
    note = publish(alice, "Raku firing", tags=["raku"])
    assert found("lowfire") == []
    TagAlias.objects.create(key="lowfire", name="lowfire", tag=Tag.objects.get(key="raku"))
    Term.objects.create(kind="activity", name="Raku", aliases="dragonkiln\nfirefest")
    cache.clear()
    assert found("lowfire") == found("dragonkiln") == found("firefest firing") == [note]


def test_of_equal_matches_the_fresh_the_good_and_the_popular_come_first(alice, bob, publish):
    a, b = publish(alice, "Tin cup"), publish(bob, "Tin cup")
    assert set(found("tin cup")) == {a, b}
    for low, high in ((a, b), (b, a)):
        LiveNote.objects.filter(note=low).update(popularity=0.0)
        LiveNote.objects.filter(note=high).update(popularity=0.3)
        assert found("tin cup") == [high, low]


def test_newest_first_is_by_time(alice, publish):
    title = publish(alice, "Celadon cup", ago=timedelta(days=9))
    body = publish(alice, "Morning", body="At last a celadon cup of my own, " + "and on " * 40)
    assert found("celadon") == [title, body]
    assert found("celadon", narrowed=Narrowed(order="newest")) == [body, title]


def test_each_filter_narrows(alice, publish, channel):
    near = find_or_create_place(name="Kiln", city="Leeds", latitude=53.8, longitude=-1.55)
    old = publish(alice, "Tin cup one", ago=timedelta(days=40))
    here = publish(alice, "Tin cup two", place=near)
    NoteImage.objects.filter(note=here).update(is_text_card=False)
    NoteImage.objects.filter(note=old).update(is_text_card=True)
    assert set(found("tin cup")) == {old, here}
    for narrowed, left in [
        (Narrowed(time="week"), [here]),
        (Narrowed(kind="pictures"), [here]),
        (Narrowed(kind="text"), [old]),
        (Narrowed(kind="video"), []),
        (Narrowed(around=Point(53.81, -1.54), km=5), [here]),
        (Narrowed(language="en"), [old, here]),
        (Narrowed(language="zh"), []),
        (Narrowed(around=Point(54.9, -1.54), km=5), []),
        (Narrowed(channel=channel.parent, time="year"), [here, old]),
        (Narrowed(time="day", kind="text"), []),
    ]:
        assert sorted(found("tin cup", narrowed=narrowed)) == sorted(left), narrowed


def test_a_video_is_no_picture_though_its_cover_is_one(alice, publish):
    still, film = publish(alice, "Tin cup one"), publish(alice, "Tin cup two")
    NoteImage.objects.update(is_text_card=False)
    NoteVideo.objects.create(
        note_id=film, poster=NoteImage.objects.get(note=film), token="a" * 32, created_at=NOW
    )
    for kind, left in (("pictures", [still]), ("video", [film]), ("text", [])):
        assert found("tin cup", narrowed=Narrowed(kind=kind)) == left, kind


def test_pages_of_one_search_hold_each_note_once_though_the_order_moves(alice, publish):
    notes = {publish(alice, f"Tin cup {number}") for number in range(25)}
    first = serve_search(viewer=None, query="tin cup").page
    LiveNote.objects.filter(note__in=[i.note_id for i in first.items]).update(popularity=0)
    LiveNote.objects.exclude(note__in=[i.note_id for i in first.items]).update(popularity=0.9)
    second = serve_search(viewer=None, query="tin cup", cursor=first.next_cursor).page
    ids = [i.note_id for i in (*first.items, *second.items)]
    assert len(ids) == len(set(ids)) == 25
    assert set(ids) == notes
    assert second.next_cursor is None


def test_who_is_blocked_meanwhile_is_not_on_the_next_page(alice, charlie, publish):
    for number in range(25):
        publish(alice, f"Tin cup {number}")
    first = serve_search(viewer=charlie, query="tin cup").page
    block_user(blocker=alice, blocked=charlie)
    assert not serve_search(viewer=charlie, query="tin cup", cursor=first.next_cursor).page.items


# ---------------------------------------------------------------- taste
@pytest.fixture
def two_cups(alice, charlie, publish):
    """Two notes that fit equally, the older about what Bob likes."""
    liked = publish(alice, "Tin cup", tags=["raku"], ago=timedelta(hours=2))
    other = publish(charlie, "Tin cup", tags=["celadon"])
    return liked, other


@pytest.fixture
def likes_raku(bob, two_cups):
    tag = Tag.objects.get(key="raku")
    learn_from_search(person_id=bob.pk, tag_ids=[tag.pk], channel_ids=[], at=NOW)
    return bob


def test_what_one_likes_comes_first_and_the_card_says_so(likes_raku, two_cups):
    page = serve_search(viewer=likes_raku, query="tin cup").page
    assert [i.note_id for i in page.items] == list(two_cups)
    assert page.items[0].reason.text == "found by your words, and you like #raku"
    assert page.items[1].reason.text == "found by your words"


def test_switched_off_nothing_about_the_person_changes_the_order(
    likes_raku, charlie, two_cups, monkeypatch
):
    everybody = found("tin cup")
    assert everybody == list(reversed(two_cups))

    def must_not_be_read(*_args, **_kwargs):
        raise AssertionError("the person's taste was read")

    monkeypatch.setattr(serving, "taste_of", must_not_be_read)
    assert found("tin cup", likes_raku, personal=False) == everybody
    Profile.objects.filter(person=likes_raku).update(personalised=False)
    result = serve_search(viewer=likes_raku, query="tin cup")
    assert [i.note_id for i in result.page.items] == everybody
    assert not result.personal
    assert {i.reason.code for i in result.page.items} == {"search"}


def test_the_page_and_the_interface_switch_it_off_too(client, likes_raku, two_cups):
    client.force_login(likes_raku)
    for address in ("/search/?q=tin+cup&personal=0", "/api/v1/search/?q=tin+cup&personal=false"):
        assert "you like" not in client.get(address).text
    assert "and you like #raku" in client.get("/search/?q=tin+cup").text
    answer = client.get("/api/v1/search/?q=tin+cup").json()
    assert answer["personal"]
    assert answer["notes"][0]["reason"]["code"] == "search_tag"


# ---------------------------------------------------------------- the page
HOSTILE = [
    '"', '""', "'", "a OR b", "NEAR(a b)", "title:cup", "cup*", "-cup", "^cup", "(", "a AND", "%",
    "'; DROP TABLE community_note; --", "\\", "‮cup", "🙂", "的", "the of", "c\0up", "{}", "&", "|",
    "!:*", "<script>alert(1)</script>", "x" * 10_000, "杯" * 10_000, "a " * 5_000, "é́́́", "\ud7ff",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("tab", ["notes", "people", "tags", "places", "products"])
def test_whatever_is_typed_is_answered(client, alice, publish, query, tab):
    publish(alice, "Tin cup")
    answer = client.get("/search/", {"q": query, "tab": tab})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert client.get("/search/suggest/", {"q": query}).status_code == 200


@pytest.mark.parametrize(
    "filters",
    ["time=never", "channel=none", "channel=%00", "has=film", "order=random", "km=1e9&city="],
)
def test_filters_that_are_none_narrow_nothing(client, alice, publish, filters):
    note = publish(alice, "Tin cup")
    assert f"/notes/{note}/" in client.get(f"/search/?q=tin+cup&{filters}").text


@pytest.mark.parametrize("where", ["lat=91&lon=0", "lat=nan&lon=0", "lat=x", "city=Nowhere"])
def test_places_that_are_not_on_earth_are_refused(client, db, where):
    assert client.get(f"/search/?q=cup&{where}").status_code == 400


def test_places_are_found_by_name_and_city_of_notes_one_may_see(client, alice, publish):
    kiln = find_or_create_place(name="Old Kiln", city="Leeds", latitude=53.8, longitude=-1.55)
    home = find_or_create_place(name="Leeds home", city="", latitude=53.9, longitude=-1.5)
    publish(alice, "Tin cup", place=kiln)
    publish(alice, "At home", place=home, visibility=Note.Visibility.PRIVATE)
    page = client.get("/search/?q=leeds&tab=places").text
    assert "Old Kiln" in page
    assert "Leeds home" not in page
    found = client.get("/api/v1/search/?q=leeds&type=places").json()["places"]
    assert [place["name"] for place in found] == ["Old Kiln"]


def test_a_limit_of_the_readers_own_is_no_setting(client, alice, publish):
    publish(alice, "Tin cup")
    assert client.get("/search/?q=tin+cup&limit=99999999999").status_code == 200


def test_leaving_taste_out_lasts_while_one_goes_on_searching(client, alice, publish):
    publish(alice, "Raku firing")
    client.force_login(alice)
    kept = '<input type="hidden" name="personal" value="0">'
    for query in ("raku", "zzqq"):
        page = client.get(f"/search/?q={query}&personal=0&time=year").text
        assert kept in page
        assert f'href="?q={query}&amp;personal=0"' in page
        assert kept not in client.get(f"/search/?q={query}").text
