from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db.models import Count, Q
from PIL import Image

from accounts.models import Follow, Profile, User
from accounts.services import block_user, unfollow_user
from community import signals
from community.importing import importer
from community.importing.lines import LONGEST_LINE, read_lines
from community.models import (
    Collect,
    Comment,
    ImportedRow,
    Like,
    Note,
    NoteImage,
    NoteStats,
    Share,
    Tag,
)
from community.models.note import BODY_LENGTH, TITLE_LENGTH
from community.moderation.models import Decision
from community.outbox.models import Job
from community.services.pictures import upload_path
from community.services.reactions import like_note, unlike_note
from feeds.models import Event

from .conftest import NOW, SMALL, act, follow, note, person


def everything() -> tuple:
    """All that an import can have made, as far as it could change."""
    models = (
        User,
        Follow,
        Note,
        Like,
        Collect,
        Share,
        Comment,
        Tag,
        Event,
        ImportedRow,
        NoteImage,
        Job,
    )
    return (
        *(model.objects.count() for model in models),
        list(NoteStats.objects.values_list()),
        list(
            Profile.objects.values_list("pk", "followers_count", "following_count", "display_name")
        ),
    )


def counters_are_exact() -> bool:
    counted = Note.objects.annotate(
        liked=Count("likes", distinct=True),
        kept=Count("collects", distinct=True),
        shared=Count("shares", distinct=True),
        said=Count("comments", distinct=True, filter=Q(comments__deleted_at=None)),
    ).values_list("liked", "kept", "shared", "said", "pk")
    stats = NoteStats.objects.values_list("likes", "collects", "shares", "comments", "note")
    return sorted(counted) == sorted(stats)


def test_a_small_community_comes_in_whole(load):
    report, refused = load(SMALL)
    assert refused == {}
    assert dict(report.added) == {"person": 3, "follow": 1, "note": 2, "interaction": 9}
    lin = User.objects.select_related("profile").get(username="lin")
    assert lin.profile.name == "林小满"
    assert (lin.profile.latitude, lin.profile.longitude) == pytest.approx((30.25, 120.16))
    assert lin.date_joined == NOW - timedelta(days=40)
    assert not lin.has_usable_password()
    assert lin.chosen_interests.count() == 3
    bowl = Note.objects.get(title="Bowl n-1")
    assert (bowl.channel.slug, bowl.place.city, list(bowl.tags.names())) == (
        "pottery",
        "Hangzhou",
        ["陶艺"],
    )
    assert bowl.published_at == NOW - timedelta(days=2)
    assert bowl in Note.objects.listed_for(None)
    other = Note.objects.get(title="Bowl n-2")
    assert other.published_at == datetime(2026, 2, 27, tzinfo=UTC)
    assert list(other.tags.names()) == ["glaze"]
    stats = NoteStats.objects.get(note=bowl)
    assert (stats.likes, stats.collects, stats.shares, stats.comments) == (2, 1, 1, 3)
    assert counters_are_exact()
    assert Profile.objects.get(person=lin).followers_count == 1


def test_replies_stand_in_the_thread_of_the_first_comment(load):
    load(SMALL)
    first, second, third = Comment.objects.order_by("pk")
    assert (second.thread, second.reply_to) == (first, first)
    assert (third.thread, third.reply_to) == (first, second)


def test_a_second_run_changes_nothing(load):
    load(SMALL)
    before = everything()
    report, refused = load(SMALL)
    assert everything() == before
    assert refused == {}
    assert not report.added
    assert sum(report.there_already.values()) == len(SMALL)


def test_a_run_a_day_later_with_offsets_still_changes_nothing(load):
    load(SMALL)
    before = everything()
    load(SMALL, now=NOW + timedelta(days=1))
    assert everything() == before


def test_what_people_undid_since_is_not_done_again(load):
    load(SMALL)
    mei, lin = User.objects.get(username="mei"), User.objects.get(username="lin")
    unlike_note(person=mei, note_id=Note.objects.get(title="Bowl n-1").pk)
    unfollow_user(follower=mei, followed=lin)
    load(SMALL)
    assert not Like.objects.filter(person=mei).exists()
    assert not Follow.objects.filter(follower=mei).exists()
    assert counters_are_exact()


def test_names_of_two_sources_are_different_things(load):
    load(SMALL)
    load(SMALL, source="elsewhere")
    assert User.objects.count() == 6
    assert User.objects.filter(username="lin2").exists()
    assert Note.objects.count() == 4


def test_a_later_file_goes_on_where_an_earlier_ended(load):
    load(SMALL)
    report, refused = load(
        [
            act("tom", "n-1", "comment", text="Late", reply_to="c-2"),
            note("n-3", "tom"),
            act("lin", "n-3", "like"),
        ]
    )
    assert refused == {}
    assert report.added == {"note": 1, "interaction": 2}
    assert Comment.objects.get(body="Late").thread.body == "Lovely"


def test_a_broken_off_import_goes_on_and_ends_the_same(load, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 4)

    def breaking_off():
        yield from SMALL[:12]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(breaking_off())
    assert (Like.objects.count(), Comment.objects.count()) == (2, 0)
    load(SMALL)
    broken_off = everything()[:8]
    Decision.objects.all().delete()
    User.objects.all().delete()
    ImportedRow.objects.all().delete()
    Tag.objects.all().delete()
    Event.objects.all().delete()
    load(SMALL)
    assert everything()[:8] == broken_off


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_the_size_of_batches_changes_nothing(load, monkeypatch, size):
    monkeypatch.setattr(importer, "BATCH", size)
    report, refused = load(SMALL)
    assert refused == {}
    assert dict(report.added) == {"person": 3, "follow": 1, "note": 2, "interaction": 9}
    assert Comment.objects.exclude(thread=None).count() == 2
    assert counters_are_exact()


BAD = {
    "not JSON": b'{"type": "person"',
    "not a JSON object": b"[1, 2]",
    "too deeply nested": b'{"type":"note","id":' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    "longer than 256 kB": b'{"type":"note","title":"' + b"x" * LONGEST_LINE + b'"}',
    "type: must be": {"type": "video"},
    "id: must be a text": person("x", id=7),
    "username: must be a text": person("x", username=["x"]),
    "name: longer than 40": person("x", name="n" * 41),
    "name: has control characters": person("x", name="a\x07b"),
    "interests: there is no channel 'nope'": person("x", interests=["food", "craft", "nope"]),
    "lat: must be a number from -90": person("x", lat=91, lon=0),
    "lon: must be a number from -180": person("x", lat=1),
    "joined: must not be before": person("x", joined="2030-01-01T00:00:00Z"),
    "joined: 'yesterday' is not": person("x", joined="yesterday"),
    "language: must be one of": person("x", language="tlh"),
    "to: nobody follows themselves": follow("lin", "lin"),
    "to: no person 'p-nobody'": follow("lin", "nobody"),
    "author: no person 'p-nobody'": note("n-9", "nobody"),
    "title: A title has at most": note("n-9", "lin", title="t" * (TITLE_LENGTH + 1)),
    "body: A text has at most": note("n-9", "lin", body="b" * (BODY_LENGTH + 1)),
    "title: a note needs": note("n-9", "lin", title=" \u200b "),
    "tags: A note has at most": note("n-9", "lin", body=" ".join(f"#tag{n}x" for n in range(21))),
    "channel: there is no channel 'nope'": note("n-9", "lin", channel="nope"),
    "place: must be an object": note("n-9", "lin", place="here"),
    "place: needs a name": note("n-9", "lin", place={"lat": 1, "lon": 2}),
    "lon: must be a number": note("n-9", "lin", place={"name": "x", "lat": 1, "lon": True}),
    "visibility: must be one of": note("n-9", "lin", visibility="secret"),
    "pictures: no folder": note("n-9", "lin", pictures=[{"file": "a.jpg"}]),
    "at: must be a time": note("n-9", "lin", at=17),
    "kind: must be one of": act("lin", "n-1", "hate"),
    "person: no person": act("nobody", "n-1", "like"),
    "note: no note 'n-99'": act("lin", "n-99", "like"),
    "value: must be a number": act("lin", "n-1", "dwell", value=-1),
    "text: Write something": act("lin", "n-1", "comment", text=" "),
    "reply_to: no comment 'c-9'": act("lin", "n-1", "comment", text="x", reply_to="c-9"),
    "reply_to: no comment 'c-1'": act("lin", "n-2", "comment", text="x", reply_to="c-1"),
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_line_is_told_by_number_and_reason_and_leaves_no_trace(load, reason):
    load(SMALL)
    before = everything()
    report, refused = load([b"", BAD[reason], b"  \n"])
    assert everything() == before
    assert list(refused) == [2]
    assert reason in refused[2]
    assert report.refused_lines == 1


def test_good_lines_around_bad_ones_are_taken(load):
    lines = [line for good in SMALL for line in (orjson.dumps(good), b"\xff\xfe not a line")]
    report, refused = load(lines)
    assert sum(report.added.values()) == len(SMALL)
    assert list(refused) == list(range(2, 2 * len(SMALL) + 1, 2))


def test_a_line_of_ten_megabytes_costs_a_quarter_of_one(load):
    file = io.BytesIO(b"x" * 10_000_000 + b"\n" + orjson.dumps(person("lin")) + b"\n")
    lines = list(read_lines(file))
    assert [len(line) < LONGEST_LINE + 3 for line in lines] == [True, True]
    _report, refused = load(lines)
    assert list(refused) == [1]
    assert User.objects.filter(username="lin").exists()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("admin", "admin2"),
        ("l1n", "l1n2"),
        ("官方小助手", "reader"),
        ("..", "reader"),
        ("a b", "ab"),
    ],
)
def test_a_refused_or_taken_username_becomes_a_near_one(load, wanted, given):
    _report, refused = load([person("lin"), person("x", username=wanted)])
    assert refused == {}
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(["lin", given])


def test_a_thousand_people_of_one_name_all_get_one(load):
    load([person("lin", id=f"p-{number}") for number in range(300)])
    assert User.objects.values("username_key").distinct().count() == 300


def test_nobody_reaches_by_import_what_the_gate_keeps_from_them(load):
    load([person("lin"), person("mei"), person("tom"), follow("mei", "lin")])
    load(
        [
            note("n-f", "lin", visibility="followers"),
            note("n-p", "lin", visibility="private"),
            note("n-1", "lin"),
        ]
    )
    tom, lin = User.objects.get(username="tom"), User.objects.get(username="lin")
    block_user(blocker=lin, blocked=tom)
    report, refused = load(
        [
            act("mei", "n-f", "like"),
            act("tom", "n-f", "like"),
            act("mei", "n-p", "like"),
            act("lin", "n-p", "like"),
            act("tom", "n-1", "comment", text="hey", id="c-1"),
            act("mei", "n-1", "comment", text="who?", reply_to="c-1"),
            follow("tom", "lin"),
        ]
    )
    assert sorted(refused) == [2, 3, 5, 6]
    assert report.added["interaction"] == 2
    assert not Comment.objects.exists()
    assert not Follow.objects.filter(follower=tom).exists()
    assert counters_are_exact()


def test_acts_from_here_and_from_the_file_are_counted_together(load):
    load(SMALL[:6])
    bowl = Note.objects.get(title="Bowl n-1")
    like_note(person=User.objects.get(username="mei"), note_id=bowl.pk)
    load(SMALL)
    assert NoteStats.objects.get(note=bowl).likes == 2
    assert counters_are_exact()


def test_listeners_hear_of_everything_once(load):
    heard: dict[str, list] = {}
    names = ("people_imported", "follows_imported", "interactions_imported", "notes_imported")

    def listen(name):
        def hear(**said):
            heard.setdefault(name, []).extend(said.get("rows") or said.get("note_ids"))

        getattr(signals, name).connect(hear, weak=False, dispatch_uid="hear")

    for name in names:
        listen(name)
    try:
        load(SMALL)
        load(SMALL)
    finally:
        for name in names:
            getattr(signals, name).disconnect(dispatch_uid="hear")
    mei, lin = User.objects.get(username="mei"), User.objects.get(username="lin")
    assert {name: len(rows) for name, rows in heard.items()} == {
        "people_imported": 3,
        "follows_imported": 1,
        "notes_imported": 2,
        "interactions_imported": 9,
    }
    assert heard["follows_imported"] == [(mei.pk, lin.pk)]
    bowl = Note.objects.get(title="Bowl n-1").pk
    assert (mei.pk, bowl, "dwell", 23.0, NOW - timedelta(hours=3)) in heard["interactions_imported"]


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    return file.getvalue()


def test_pictures_are_taken_in_as_if_uploaded(load):
    pictured = note("n-1", "lin", pictures=[{"file": "a.jpg", "alt": "teal"}, {"file": "b.jpg"}])
    _report, refused = load([person("lin"), pictured], picture_source=lambda name: jpeg())
    assert refused == {}
    images = NoteImage.objects.order_by("position")
    assert [(image.position, image.alt, image.state) for image in images] == [
        (0, "teal", "processing"), (1, "", "processing"),
    ]  # fmt: skip
    assert all(upload_path(image.token).read_bytes() == jpeg() for image in images)
    assert Job.objects.filter(kind="pictures.process").count() == 2


def test_one_bad_picture_refuses_its_note_and_keeps_no_file(load, settings):
    files = {"a.jpg": jpeg(), "b.jpg": b"<svg onload=alert(1)>"}
    pictured = note("n-1", "lin", pictures=[{"file": "a.jpg"}, {"file": "b.jpg"}])
    _report, refused = load([person("lin"), pictured], picture_source=files.__getitem__)
    assert "b.jpg" in refused[2]
    assert not Note.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_text_cards_are_asked_for_a_few_at_a_time(load, work_off, monkeypatch):
    from community.importing import cards

    monkeypatch.setattr(cards, "AT_ONCE", 2)
    load([person("lin"), *(note(f"n-{number}", "lin") for number in range(5))], cards=True)
    assert not NoteImage.objects.exists()
    cards.draw_some(source="test")
    assert NoteImage.objects.filter(is_text_card=True).count() == 2
    cards.draw_some(source="test")
    assert NoteImage.objects.count() == 2
    Job.objects.filter(kind="pictures.process").delete()
    cards.draw_some(source="test")
    assert NoteImage.objects.count() == 4
