"""The pages of a video note: written with and without JavaScript, read, played in parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.services import block_user
from community.models import Note, NoteVideo
from community.services.writing import publish_note
from community.videos_shown import length_in_words, shown_video
from feeds.cards import render_cards
from feeds.serving import serve_following

pytestmark = pytest.mark.django_db
WORDS = {"title": "Waves at noon", "body": "Listen.", "channel": "pottery", "visibility": "public"}


def browser(person=None):
    client = Client()
    if person is not None:
        client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def file_of(path, name="waves.mp4"):
    return SimpleUploadedFile(name, path.read_bytes(), content_type="video/mp4")


@pytest.fixture
def played(alice, video_note, prepare):
    """A published note whose video is ready."""
    note = video_note(alice, publish=True)
    prepare()
    return note


def address_of(note):
    video = NoteVideo.objects.get(note=note)
    return f"/media/videos/{video.token}/{video.renditions[0]['filename']}"


# ---------------------------------------------------------------- writing
def test_one_form_without_javascript_publishes_a_video(alice, clip, prepare):
    client = browser(alice)
    answer = client.post(
        "/compose/", WORDS | {"act": "publish", "arranged": "1", "video": file_of(clip)}
    )
    note = Note.objects.get()
    assert answer.headers["Location"] == f"/notes/{note.pk}/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "This video is being prepared" in page
    assert "<progress" in page
    assert "<progress" not in browser().get(answer.headers["Location"]).content.decode()
    prepare()
    assert "<video" in browser().get(answer.headers["Location"]).content.decode()


def test_the_module_sends_the_video_by_itself_and_follows_it(alice, clip, prepare):
    client = browser(alice)
    made = client.post("/compose/draft/").json()
    answer = client.post(made["video"], {"video": file_of(clip)})
    assert answer.status_code == 201
    assert 'data-state="processing"' in answer.json()["row"]
    note = Note.objects.get()
    state = client.get(f"/notes/{note.pk}/video/state/").json()
    assert (state["state"], state["progress"], state["src"]) == ("processing", 0, "")
    prepare()
    state = client.get(f"/notes/{note.pk}/video/state/").json()
    assert (state["state"], state["progress"], state["length"]) == ("ready", 100, "0:01")
    assert client.get(state["src"]).status_code == 200
    row = client.get(f"/notes/{note.pk}/edit/").content.decode()
    assert f'data-remove-url="/notes/{note.pk}/video/remove/"' in row
    removed = client.post(f"/notes/{note.pk}/video/remove/", headers={"Accept": "application/json"})
    assert removed.json() == {"removed": note.pk}
    assert not NoteVideo.objects.exists()
    assert client.get(f"/notes/{note.pk}/video/state/").status_code == 404


def test_the_form_describes_and_removes_the_video(alice, video_note):
    note, client = video_note(alice), browser(alice)
    poster = note.images.get()
    sent = WORDS | {"arranged": "1", "order": [poster.pk], f"alt-{poster.pk}": "Waves on slate"}
    client.post(f"/notes/{note.pk}/edit/", sent | {"act": "save"})
    assert note.images.get().alt == "Waves on slate"
    for _press in range(2):
        answer = client.post(f"/notes/{note.pk}/edit/", sent | {"remove_video": "1"})
        assert answer.status_code == 303
    assert not note.images.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#EXTM3U\n/etc/passwd\n", "not a video"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "MP4, MOV or WebM"),
        (b"\0\0\0\x18ftypisom" + bytes(2_000_000), "larger than"),
    ],
)
def test_a_refused_file_is_told_and_the_words_are_kept(alice, settings, content, said):
    settings.VIDEO_LARGEST_BYTES = 1_000_000
    client = browser(alice)
    file = SimpleUploadedFile("clip.mp4", content, content_type="video/mp4")
    answer = client.post("/compose/", WORDS | {"act": "publish", "video": file})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    note = Note.objects.get()
    assert (note.title, note.is_published) == ("Waves at noon", False)
    file.seek(0)
    answer = client.post(f"/notes/{note.pk}/video/", {"video": file})
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert client.post(f"/notes/{note.pk}/video/").status_code == 400


def test_nobody_else_asks_after_or_touches_the_video(alice, bob, video_note, clip):
    note = video_note(alice)
    for stranger in (browser(bob), browser()):
        assert stranger.get(f"/notes/{note.pk}/video/state/").status_code in (302, 404)
        for act in ("", "remove/"):
            answer = stranger.post(f"/notes/{note.pk}/video/{act}", {"video": file_of(clip)})
            assert answer.status_code in (302, 303, 401, 404)
    assert NoteVideo.objects.filter(note=note).exists()


# ---------------------------------------------------------------- reading
def test_the_page_plays_without_javascript_and_waits_to_be_asked(played):
    page = browser().get(f"/notes/{played.pk}/").content.decode()
    player = page[page.index("<video") : page.index("</video>")]
    for word in ("controls", "playsinline", "muted", 'preload="none"', 'poster="/media/notes/'):
        assert word in player
    assert f'<source src="{address_of(played)}" type="video/mp4">' in player
    assert 'property="og:video"' in page
    assert 'property="og:image"' in page


def test_a_page_that_waits_looks_again_less_and_less_often(alice, video_note):
    note = video_note(alice, publish=True)
    video = NoteVideo.objects.get(note=note)
    waits = [
        shown_video(note, now=video.created_at + timedelta(seconds=age)).look_again
        for age in (0, 30, 120, 3_000)
    ]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    strip = browser().get(f"/notes/{note.pk}/video/").content.decode()
    assert f'hx-trigger="load delay:{waits[0]}s"' in strip


def test_a_refused_video_is_between_its_author_and_us(alice, video_note, prepare, film):
    note = video_note(alice, path=film("sound.mov", "-vn", picture=""), publish=True)
    prepare()
    mine = browser(alice).get(f"/notes/{note.pk}/").content.decode()
    assert "This video could not be shown" in mine
    theirs = browser().get(f"/notes/{note.pk}/").content.decode()
    assert "could not be shown" not in theirs
    assert "only sound" in browser(alice).get(f"/notes/{note.pk}/edit/").content.decode()


def test_its_card_shows_the_poster_with_the_length(alice, bob, video_note, prepare, work_off):
    note = video_note(alice, publish=True)
    work_off()

    def card():
        return render_cards(serve_following(viewer=bob), viewer=bob)

    assert "card__video" not in card()
    prepare()
    work_off()
    assert "card__video" in card()
    assert "0:01" in card()
    assert f"/media/notes/{note.images.get().token}/" in card()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0:01"), (7.4, "0:07"), (59.6, "1:00"), (299, "4:59"), (3723, "1:02:03")],
)
def test_lengths_are_written_as_players_write_them(seconds, words):
    assert length_in_words(timedelta(seconds=seconds)) == words


# ---------------------------------------------------------------- the file
def body_of(answer):
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        (None, 200, slice(None)),
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-50", 206, slice(-50, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("bytes=9-3", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=a-b", 200, slice(None)),
        ("seconds=1-2", 200, slice(None)),
        ("bytes=9" + "9" * 40 + "-", 200, slice(None)),
    ],
)
def test_a_player_gets_the_part_it_asks_for(played, asked, status, part):
    whole = body_of(browser().get(address_of(played)))
    answer = browser().get(address_of(played), headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    if part is None:
        assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
        return
    content = body_of(answer)
    assert content == whole[part]
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if status == 206:
        first = len(whole[: part.start]) if part.start is not None else 0
        told = f"bytes {first}-{first + len(content) - 1}/{len(whole)}"
        assert answer.headers["Content-Range"] == told


def test_a_part_of_another_version_is_answered_with_the_whole(played):
    client, address = browser(), address_of(played)
    etag = client.get(address).headers["ETag"]
    part = {"Range": "bytes=0-9"}
    assert client.get(address, headers=part | {"If-Range": etag}).status_code == 206
    assert client.get(address, headers=part | {"If-Range": '"old"'}).status_code == 200
    assert client.head(address).headers["Content-Length"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_file_is_sent_to_those_who_see_its_note(alice, bob, charlie, make_person, played):
    dora, address = make_person("dora"), address_of(played)
    block_user(blocker=alice, blocked=dora)

    def seen_by():
        people = {"alice": alice, "bob": bob, "charlie": charlie, "dora": dora, "nobody": None}
        return {n for n, p in people.items() if browser(p).get(address).status_code == 200}

    assert seen_by() == {"alice", "bob", "charlie", "nobody"}
    assert browser().get(address).headers["Cache-Control"] == "public, max-age=3600"
    Note.objects.filter(pk=played.pk).update(visibility="followers")
    assert seen_by() == {"alice", "bob"}
    assert browser(bob).get(address).headers["Cache-Control"] == "private, no-store"
    Note.objects.filter(pk=played.pk).update(hidden_at=timezone.now())
    assert seen_by() == {"alice"}
    Note.objects.filter(pk=played.pk).update(deleted_at=timezone.now())
    assert seen_by() == set()


@pytest.mark.parametrize("name", ["..%2f..%2fdb.sqlite3", "poster.png", "%00", ".incoming-x", "."])
def test_only_names_of_renditions_are_served(alice, played, name):
    token = NoteVideo.objects.get().token
    assert browser(alice).get(f"/media/videos/{token}/{name}").status_code == 404


def test_what_is_not_ready_is_sent_to_nobody(alice, video_note):
    note = video_note(alice)
    publish_note(author=alice, note_id=note.pk)
    token = NoteVideo.objects.get().token
    for name in ("480.mp4", "720.mp4"):
        assert browser(alice).get(f"/media/videos/{token}/{name}").status_code == 404
