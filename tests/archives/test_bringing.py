"""What one made elsewhere is taken in: three formats, hostile files, again, half-way, stopped."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import Follow, User
from accounts.services import choose_interests, follow_user
from community.albums.models import Album, AlbumNote
from community.albums.services import AlbumContent, add_to_album, create_album
from community.archives import intake as intakes
from community.archives import tasks
from community.archives.incoming import zips
from community.archives.incoming.instagram import unmangled
from community.archives.incoming.items import Refused, title_and_body
from community.archives.incoming.pixelfed import plain
from community.archives.incoming.zips import Box
from community.archives.models import Archive, Brought, Intake
from community.archives.services import ask_for_archive, file_of
from community.models import Note, NoteImage
from community.notifications.models import Notification
from community.outbox import jobs
from community.services.pictures import add_picture
from community.services.places import find_or_create_place
from community.services.writing import NoteContent, delete_note, publish_note, save_draft
from feeds.models import LiveNote, PoolEntry
from tests.conftest import forget_all

from .conftest import photo

LONG_AGO = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)
MANGLED = "\u00e6\u00bd\u00ae\u00e6\u00b1\u00a0"  # 潮池, byte by byte


def zipped(files, **options):
    """A ZIP of {name: bytes, text, or what becomes JSON}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if not isinstance(content, bytes | str):
                content = json.dumps(content)
            archive.writestr(name, content, **options)
    buffer.seek(0)
    return buffer


@pytest.fixture
def bring(db):
    """Bring a file for a person and let the work be done."""

    def take(person, file, how="published"):
        forget_all()
        intake = intakes.bring(
            person=person, upload=file, name="mine.zip", how=how, now=timezone.now()
        )
        while jobs.work_off("archives"):
            pass
        jobs.work_off("media")
        while jobs.work_off("feeds", batch=20) or jobs.work_off("default", batch=20):
            pass
        intake.refresh_from_db()
        assert not intakes.path_of(intake.token).exists()
        return intake

    return take


# ---------------------------------------------------------------- Instagram
def instagram(*posts, **files):
    return zipped({"your_instagram_activity/media/posts_1.json": list(posts)} | files)


def test_a_download_of_instagram_becomes_notes_with_their_words_and_days(alice, bring):
    posts = [
        {
            "title": f"{MANGLED} at low tide\nGreen glass #beach",
            "creation_timestamp": LONG_AGO.timestamp(),
            "media": [
                {"uri": "media/posts/202305/one.jpg", "creation_timestamp": 1, "title": ""},
                {"uri": "media/posts/202305/two.jpg", "creation_timestamp": 1, "title": ""},
            ],
        },
        {"media": [{
            "uri": "media/posts/202306/three.jpg", "title": "Alone",
            "creation_timestamp": LONG_AGO.timestamp() + 86_400,
        }]},
    ]  # fmt: skip
    picture = photo().read()
    files = {f"media/posts/20230{m}/{n}.jpg": picture
             for m, n in ((5, "one"), (5, "two"), (6, "three"))}  # fmt: skip
    done = bring(alice, instagram(*posts, **files))
    assert (done.state, done.kind, done.added, done.refused) == ("done", "instagram", 2, 0)
    first, second = Note.objects.filter(author=alice).order_by("published_at")
    assert (first.title, first.body) == ("潮池 at low tide", "Green glass #beach")
    assert first.published_at == LONG_AGO
    assert first.tags.first().name == "beach"
    assert first.images.filter(state=NoteImage.State.READY).count() == 2
    assert (second.title, second.body) == ("", "Alone")


def test_what_is_brought_gets_no_fresh_pool_and_tells_nobody(alice, bob, bring):
    post = {"title": "For @bob of another place\nand more words about it", "media": [
        {"uri": "media/a.jpg", "creation_timestamp": LONG_AGO.timestamp()}]}  # fmt: skip
    bring(alice, instagram(post, **{"media/a.jpg": photo().read()}))
    note = Note.objects.get(author=alice)
    assert LiveNote.objects.filter(note=note).exists()
    assert not PoolEntry.objects.filter(note=note, promised__gt=0).exists()
    assert not Notification.objects.filter(person=bob).exists()


def test_what_is_younger_than_a_week_waits_among_the_drafts_and_says_so(alice, bring):
    yesterday = (timezone.now() - timedelta(days=1)).timestamp()
    post = {"title": "New", "media": [{"uri": "media/a.jpg", "creation_timestamp": yesterday}]}
    done = bring(alice, instagram(post, **{"media/a.jpg": photo().read()}))
    note = Note.objects.get(author=alice)
    assert (done.added, note.state) == (1, "draft")
    assert [number for number, _reason in done.troubles] == [1]
    publish_note(author=alice, note_id=note.pk)  # the way to its first readers


def test_the_same_file_again_changes_nothing_also_when_notes_were_deleted(alice, bring):
    posts = [
        {"title": f"Number {n}\nand a body", "media": [
            {"uri": f"media/{n}.jpg", "creation_timestamp": LONG_AGO.timestamp()}]}
        for n in range(3)
    ]  # fmt: skip
    files = {f"media/{n}.jpg": photo().read() for n in range(3)}
    bring(alice, instagram(*posts, **files))
    delete_note(author=alice, note_id=Note.objects.first().pk)
    again = bring(alice, instagram(*posts, **files))
    assert (again.added, again.there_already, again.refused) == (0, 3, 0)
    assert Note.objects.filter(author=alice).count() == 3
    assert Note.objects.filter(author=alice, deleted_at=None).count() == 2


def test_each_bad_item_is_told_by_its_number_and_the_rest_is_taken(alice, bring):
    at = LONG_AGO.timestamp()
    posts = [
        {"title": "Good", "media": [{"uri": "media/good.jpg", "creation_timestamp": at}]},
        {"title": "No media"},
        {"title": "Gone", "media": [{"uri": "media/missing.jpg", "creation_timestamp": at}]},
        {"title": "", "media": [{"uri": "media/none.jpg", "creation_timestamp": at}]},
        {"title": "Odd day", "media": [{"uri": "media/good.jpg", "creation_timestamp": "soon"}]},
        {"title": "Not a picture", "media": [{"uri": "media/text.jpg", "creation_timestamp": at}]},
        "nonsense",
        {"title": "x" * 6_000, "media": [{"uri": "media/long.jpg", "creation_timestamp": at}]},
    ]
    picture = photo().read()
    files = {"media/good.jpg": picture, "media/text.jpg": b"hello", "media/long.jpg": picture}
    done = bring(alice, instagram(*posts, **files))
    assert (done.state, done.total, done.added, done.refused) == ("done", 8, 3, 5)
    assert [number for number, _reason in done.troubles] == [2, 3, 4, 4, 5, 6, 7, 8]
    assert all(reason for _number, reason in done.troubles)
    titles = Note.objects.filter(author=alice).values_list("body", flat=True)
    assert sorted(titles) == ["Gone", "Good", "Not a picture"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (MANGLED, "潮池"), ("plain", "plain"), ("déjà", "déjà"), ("潮池", "潮池"),
        ("\u00f0\u009f\u008c\u008a", "🌊"), ("", ""),
    ],
)  # fmt: skip
def test_latin_1_that_was_utf_8_is_read_back_and_nothing_else(said, meant):
    assert unmangled(said) == meant


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("One line", "", "One line"),
        ("Title\nBody", "Title", "Body"),
        ("x" * 200 + "\nBody", "", "x" * 200 + "\nBody"),
        ("", "", ""),
    ],
)
def test_a_short_first_line_is_a_title(text, title, body):
    assert title_and_body(text, longest=100) == (title, body)


# ---------------------------------------------------------------- Pixelfed
def test_statuses_of_pixelfed_find_their_pictures_by_name(alice, bring):
    statuses = [
        {
            "id": "1", "url": "https://pix.example/p/alice/1", "visibility": "unlisted",
            "content": "Sea<br />glass &amp; sand <a href='#'>#beach</a>",
            "created_at": "2023-05-06T07:08:09.000000Z", "tags": [{"name": "beach"}],
            "media_attachments": [
                {"type": "image", "url": "https://cdn.example/m/abc.jpg", "description": "Glass"}
            ],
        },
        {"id": "2", "reblog": {"id": "9"}, "content": "", "created_at": "2023-05-06T07:08:09Z"},
        {"id": "3", "in_reply_to_id": "8", "content": "Yes", "created_at": "2023-05-06T07:08:09Z"},
    ]  # fmt: skip
    done = bring(alice, zipped({"pixelfed-statuses.json": statuses, "m/abc.jpg": photo().read()}))
    assert (done.kind, done.added, done.refused) == ("pixelfed", 1, 2)
    note = Note.objects.get(author=alice)
    assert (note.title, note.body, note.visibility) == ("Sea", "glass & sand #beach", "public")
    assert note.published_at == LONG_AGO
    assert note.images.get(is_text_card=False).alt == "Glass"


def test_an_outbox_of_activities_is_read_too(alice, bring):
    note = {
        "type": "Note", "id": "https://pix.example/1", "content": "<p>Tide</p><p>is out</p>",
        "published": "2023-05-06T07:08:09Z", "to": ["https://pix.example/u/followers"],
        "attachment": [{"type": "Document", "mediaType": "image/jpeg", "name": "A pool",
                        "url": "/media_attachments/files/1/original/pool.jpg"}],
        "tag": [{"type": "Hashtag", "name": "#tide"}],
    }  # fmt: skip
    outbox = {"type": "OrderedCollection", "orderedItems": [
        {"type": "Create", "object": note}, {"type": "Announce", "object": "https://x.example/2"},
    ]}  # fmt: skip
    files = {"outbox.json": outbox, "media_attachments/files/1/original/pool.jpg": photo().read()}
    done = bring(alice, zipped(files))
    assert (done.added, done.refused) == (1, 1)
    made = Note.objects.get(author=alice)
    assert (made.title, made.body, made.visibility) == ("Tide", "is out", "followers")
    assert [tag.name for tag in made.tags.all()] == ["tide"]


def test_html_becomes_text():
    assert plain("<p>A &lt;b&gt;<br>C</p><p>D<script>x</script></p>") == "A <b>\nC\nDx"


# ---------------------------------------------------------------- Rockpool, there and back
@pytest.fixture
def left(alice, bob, make_note, work_off):
    """The archive of Alice with notes of every kind, as bytes."""
    place = find_or_create_place(name="Low Bay", latitude=30.27, longitude=120.16, city="Hangzhou")
    long_ago = timedelta(days=400)
    note = make_note(alice, "A bowl", ago=long_ago, place=place, visibility="followers")
    for colour in ("teal", "coral"):
        add_picture(author=alice, note_id=note.pk, upload=photo(colour), alt=f"A {colour} bowl")
    draft = save_draft(author=alice, content=NoteContent(title="Half", body="A thought"))
    second = make_note(alice, "Another", ago=long_ago)
    jobs.work_off("media")
    for which in (note, second):
        NoteImage.objects.filter(note=which, is_text_card=True).delete()
    album = create_album(owner=alice, content=AlbumContent(title="Bowls", about="All"))
    for which in (second, note):
        add_to_album(actor=alice, album_id=album.pk, note_id=which.pk)
    follow_user(follower=alice, followed=bob)
    choose_interests(person=alice, slugs=["pottery", "coffee", "beauty"])
    work_off()
    archive = ask_for_archive(person=alice, now=timezone.now())
    while jobs.work_off("archives"):
        pass
    archive.refresh_from_db()
    assert archive.state == Archive.State.READY
    assert draft.pk
    return file_of(archive).read_bytes()


def gist(person):
    """What readers see of somebody's notes, without numbers of this community."""
    notes = Note.objects.filter(author=person, deleted_at=None).order_by("created_at", "title")
    return [
        (
            n.title, n.body, n.state, n.visibility, n.published_at, n.channel.slug,
            n.place.name if n.place else "", sorted(tag.name for tag in n.tags.all()),
            [image.alt for image in n.images.filter(is_text_card=False).order_by("position")],
        )
        for n in notes
    ]  # fmt: skip


def test_an_archive_brought_to_a_fresh_account_gives_the_same_notes(
    alice, bob, left, bring, make_person
):
    newcomer = make_person("newcomer")
    before = gist(alice)
    done = bring(newcomer, io.BytesIO(left))
    assert (done.kind, done.state, done.refused) == ("rockpool", "done", 0), done.troubles
    assert gist(newcomer) == before
    album = Album.objects.get(owner=newcomer)
    kept = AlbumNote.objects.filter(album=album).in_order_of(album)
    assert [row.note.title for row in kept] == ["A bowl", "Another"]
    assert Follow.objects.filter(follower=newcomer, followed=bob).exists()
    assert newcomer.chosen_interests.count() == 3
    again = bring(newcomer, io.BytesIO(left))
    assert (again.added, again.there_already) == (0, 4)
    assert gist(newcomer) == before


def test_as_drafts_nothing_is_published(left, bring, make_person):
    newcomer = make_person("newcomer")
    bring(newcomer, io.BytesIO(left), how="drafts")
    assert set(Note.objects.filter(author=newcomer).values_list("state", flat=True)) == {"draft"}


def test_a_worker_that_died_within_a_note_begins_that_note_anew(
    left, bring, make_person, monkeypatch
):
    newcomer = make_person("newcomer")
    calls = iter(range(2))

    def dies(*args, **kwargs):
        if next(calls) == 1:
            raise KeyboardInterrupt
        return add_picture(*args, **kwargs)

    intake = intakes.bring(
        person=newcomer, upload=io.BytesIO(left), name="a.zip", how="drafts", now=timezone.now()
    )
    with monkeypatch.context() as patch:
        patch.setattr("community.archives.incoming.applying.add_picture", dies)
        with pytest.raises(KeyboardInterrupt):
            intakes.take_in(intake.pk)
    assert Brought.objects.filter(person=newcomer, complete=False).count() == 1
    intakes.take_in(intake.pk)
    assert Note.objects.filter(author=newcomer, title="A bowl").count() == 1
    assert NoteImage.objects.filter(note__author=newcomer, is_text_card=False).count() == 2


def test_stopped_it_keeps_what_is_in_and_leaves_the_rest(left, make_person, monkeypatch):
    newcomer = make_person("newcomer")
    intake = intakes.bring(
        person=newcomer, upload=io.BytesIO(left), name="a.zip", how="drafts", now=timezone.now()
    )
    seen = []

    def hold_on(now):
        seen.append(now)
        if len(seen) == 2:
            intakes.stop(person=newcomer, intake_id=intake.pk, now=now)

    monkeypatch.setattr(intakes, "hold_on", hold_on)
    intakes.take_in(intake.pk)
    intake.refresh_from_db()
    assert (intake.state, Note.objects.filter(author=newcomer).count()) == ("stopped", 1)
    assert not intakes.path_of(intake.token).exists()


# ---------------------------------------------------------------- hostile files
def link():
    info = zipfile.ZipInfo("archive.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    buffer.seek(0)
    return buffer


HOSTILE = {
    "no zip": lambda: io.BytesIO(b"GIF89a"),
    "empty": lambda: io.BytesIO(b""),
    "nothing known": lambda: zipped({"holiday.txt": "x"}),
    "outside": lambda: zipped({"../../etc/cron.d/x": "x", "posts_1.json": "[]"}),
    "absolute": lambda: zipped({"/etc/passwd": "x", "posts_1.json": "[]"}),
    "backslashes": lambda: zipped({"..\\x": "x", "posts_1.json": "[]"}),
    "a link": link,
    "a bomb": lambda: zipped({"posts_1.json": b"[" + b" " * 40_000_000 + b"]"}),
    "no json": lambda: zipped({"posts_1.json": "{not json"}),
    "deep json": lambda: zipped({"posts_1.json": "[" * 100_000}),
    "another format": lambda: zipped({"archive.json": {"format": "rockpool-archive/9"}}),
    "a manifest that is a list": lambda: zipped({"archive.json": []}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_reason_and_leave_nothing(name, alice, bring):
    done = bring(alice, HOSTILE[name]())
    assert (done.state, done.added) == ("refused", 0)
    assert done.why
    assert not Note.objects.exists()


def test_a_cut_off_file_is_refused(alice, left, bring):
    done = bring(alice, io.BytesIO(left[: len(left) // 2]))
    assert done.state == "refused"


def test_too_many_entries_and_too_much_to_read_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{n}.txt": "x" * 1000 for n in range(12)}).read())
    monkeypatch.setattr(zips, "MOST_ENTRIES", 10)
    with pytest.raises(Refused):
        Box(path)
    monkeypatch.setattr(zips, "MOST_ENTRIES", 20)
    monkeypatch.setattr(zips, "MOST_READ", 1500)
    box = Box(path)
    box.copy("1.txt", largest=2000).close()
    with pytest.raises(Refused):
        box.copy("2.txt", largest=2000)
    with pytest.raises(Refused):
        Box(path).copy("1.txt", largest=999)


def test_odd_lines_of_an_archive_are_told_and_the_rest_is_taken(alice, bring):
    good = {"note": 1, "state": "draft", "title": "Good", "body": "words"}
    lines = [
        json.dumps(good), "not json", "[]", json.dumps(good | {"note": 2, "title": 7, "body": []}),
        json.dumps(good | {"note": 3, "visibility": "moon"}),
        json.dumps(good | {"note": 4, "pictures": "none", "place": {"name": "x"}, "tags": [1]}),
        json.dumps(good | {"note": 5, "published_at": "never", "state": "published"}),
        json.dumps(good | {"note": 6, "pictures": [{"file": "../../x.jpg"}]}),
        json.dumps(good | {"note": 7, "title": "a\x00b"}),
    ]  # fmt: skip
    manifest = {"format": "rockpool-archive/1", "community": "x", "person": "y"}
    files = {"archive.json": manifest, "notes.jsonl": "\n".join(lines)}
    done = bring(alice, zipped(files))
    assert done.state == "done"
    assert {number for number, _reason in done.troubles} == {2, 3, 4, 5, 7, 8}
    assert done.added == 4


def test_a_picture_that_is_missing_is_not_taken_from_another_note(alice, bring):
    rows = [
        {"note": n, "state": "draft", "title": f"Note {n}", "pictures": [
            {"file": f"media/notes/{n}/1.jpg", "alt": str(n)}]}
        for n in (1, 2)
    ]  # fmt: skip
    files = {
        "archive.json": {"format": "rockpool-archive/1", "community": "x", "person": "y"},
        "notes.jsonl": "\n".join(json.dumps(row) for row in rows),
        "media/notes/1/1.jpg": photo().read(),
    }
    done = bring(alice, zipped(files))
    assert [number for number, _reason in done.troubles] == [2]
    assert NoteImage.objects.get(is_text_card=False).note.title == "Note 1"


def test_an_archive_in_a_folder_of_its_own_finds_its_pictures(alice, bring):
    post = {"title": "x", "media": [
        {"uri": "media/posts/a.jpg", "creation_timestamp": LONG_AGO.timestamp()}]}  # fmt: skip
    files = {"me-2024/content/posts_1.json": [post], "me-2024/media/posts/a.jpg": photo().read()}
    done = bring(alice, zipped(files))
    assert (done.added, done.troubles) == (1, [])


# ---------------------------------------------------------------- who, how often, and the page
def test_one_file_at_a_time_none_too_large_and_only_ones_own(alice, bob, settings):
    first = intakes.bring(
        person=alice, upload=zipped({"x": "y"}), name="a", how="drafts", now=timezone.now()
    )
    with pytest.raises(Conflict):
        intakes.bring(
            person=alice, upload=zipped({"x": "y"}), name="a", how="drafts", now=timezone.now()
        )
    with pytest.raises(NotFound):
        intakes.stop(person=bob, intake_id=first.pk, now=timezone.now())
    settings.INTAKE_LARGEST_BYTES = 10
    with pytest.raises(Invalid):
        intakes.bring(
            person=bob, upload=zipped({"x": "y"}), name="a", how="drafts", now=timezone.now()
        )
    with pytest.raises(Invalid):
        intakes.bring(
            person=bob, upload=io.BytesIO(b"x"), name="a", how="magic", now=timezone.now()
        )


def test_by_page_a_file_is_brought_watched_and_its_faults_are_read(alice):
    client = Client()
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    assert client.post("/settings/data/bring/", {"how": "drafts"}).status_code == 400
    file = instagram({"title": "No media"})
    file.name = "mine.zip"
    sent = client.post("/settings/data/bring/", {"how": "drafts", "file": file})
    assert sent.status_code == 303
    assert "hx-get" in client.get("/settings/data/bring/").content.decode()
    while jobs.work_off("archives"):
        pass
    page = client.get("/settings/data/bring/").content.decode()
    assert "mine.zip" in page
    assert "The post has no pictures." in page
    assert Notification.objects.get(person=alice, kind="archive").path == "/settings/data/bring/"


def test_whoever_was_suspended_meanwhile_brings_nothing(alice):
    post = {"title": "x", "media": [{"uri": "a.jpg", "creation_timestamp": 1_600_000_000}]}
    intake = intakes.bring(
        person=alice, upload=instagram(post), name="a", how="drafts", now=timezone.now()
    )
    User.objects.filter(pk=alice.pk).update(is_active=False)
    intakes.take_in(intake.pk)
    intake.refresh_from_db()
    assert (intake.state, Note.objects.count()) == (Intake.State.STOPPED, 0)


def test_files_that_nobody_waits_for_are_removed_and_twice_is_once(alice):
    stray = intakes.path_of("abandoned")
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    intake = intakes.bring(
        person=alice, upload=zipped({"x": "y"}), name="a", how="drafts", now=timezone.now()
    )
    later = timezone.now() + timedelta(days=2)
    assert [intakes.forget_strays(now=later), intakes.forget_strays(now=later)] == [1, 0]
    assert intakes.path_of(intake.token).exists()
    assert tasks.expire.once() == 0
