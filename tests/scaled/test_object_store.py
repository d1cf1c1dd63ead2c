"""Files in an S3-compatible store: the gate before them holds as before folders, and nothing stays.

The tests of the gate and of players are asked once more with the store behind them. Skipped where
no S3 server was started for the tests.
"""

from __future__ import annotations

import io
import os
import zipfile
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.file_store import StoreAway, files_below, media_root, private_root, write
from accounts.services import change_avatar
from community.archives import building, services
from community.archives.models import Archive
from community.brands.documents import path_of, stray_files
from community.databases import SQLITE
from community.models import NoteImage, NoteVideo
from community.object_store import stores
from community.operations import installation, machine_checks
from community.operations.backup import BackupFailed
from community.outbox import jobs
from community.outbox.models import Job
from community.services.pictures import add_picture, remove_picture, renditions_path, upload_path
from community.services.videos import video_path
from tests.pages.test_media_gate import *  # noqa: F403 (tests)
from tests.pages.test_media_gate import addresses
from tests.scaled.servers import free_port
from tests.videos.test_pages import (  # noqa: F401 (tests)
    played,
    test_a_part_of_another_version_is_answered_with_the_whole,
    test_a_player_gets_the_part_it_asks_for,
    test_the_file_is_sent_to_those_who_see_its_note,
)

STORE = os.environ.get("ROCKPOOL_TEST_S3", "")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not STORE, reason="needs an S3 server of its own: make test-scaled"),
]


@pytest.fixture(autouse=True)
def in_the_store(settings, nothing_remembered):
    """All files of this test in a folder of the bucket that no other test has."""
    parts = urlsplit(STORE)
    address = parts._replace(path=f"{parts.path}/{uuid4().hex}").geturl()
    settings.STORAGES = settings.STORAGES | stores({"ROCKPOOL_MEDIA_URL": address})
    yield
    assert not settings.MEDIA_ROOT.exists()
    assert not settings.PRIVATE_ROOT.exists()


@pytest.fixture
def away(settings):
    """The store is gone from one moment to the next."""

    def go():
        gone = stores({"ROCKPOOL_MEDIA_URL": f"s3://k:s@127.0.0.1:{free_port()}/rockpool?tls=0"})
        settings.STORAGES = settings.STORAGES | gone

    return go


def names(root):
    return sorted(path.key for path, _at in files_below(root))


# ---------------------------------------------------------------- from upload to removal
def test_a_picture_leaves_nothing_behind(
    alice, note_with_picture, django_capture_on_commit_callbacks
):
    note = note_with_picture(alice)
    image = note.images.get()
    assert len(names(renditions_path(image.token))) == len(image.renditions)
    assert not upload_path(image.token).exists()
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(author=alice, note_id=note.pk, image_id=image.pk)
    jobs.work_off("media")
    assert names(media_root()) == []


def test_what_was_removed_while_the_store_was_away_goes_when_it_is_back(
    alice, note_with_picture, away, settings
):
    note = note_with_picture(alice)
    image, there = note.images.get(), settings.STORAGES
    assert names(media_root())
    away()
    remove_picture(author=alice, note_id=note.pk, image_id=image.pk)
    jobs.work_off("media")
    assert Job.objects.filter(kind="files.remove", arguments__tries=1).count() == 2
    settings.STORAGES = there
    assert names(media_root())
    Job.objects.update(run_at=timezone.now())
    jobs.work_off("media")
    assert names(media_root()) == []
    assert not Job.objects.exists()


def test_what_is_no_picture_is_refused_and_not_kept(alice, make_note, photo):
    note = make_note(alice, publish=False)
    whole = photo().read()
    cut = io.BytesIO(whole[: len(whole) // 2])
    image = add_picture(author=alice, note_id=note.pk, upload=cut, name="cut.jpg")
    jobs.work_off("media")
    image.refresh_from_db()
    assert image.state == NoteImage.State.REFUSED
    assert names(media_root()) == []


def test_a_video_and_its_poster_go_through_the_store(alice, video_note, prepare):
    note = video_note(alice)
    prepare()
    video = NoteVideo.objects.get(note=note)
    assert (video.state, video.poster.state) == (NoteVideo.State.READY, NoteImage.State.READY)
    assert [key.rpartition("/")[2] for key in names(video_path(video.token))] == ["480.mp4"]
    assert not upload_path(video.token).exists()
    assert not upload_path(video.poster.token).exists()


def test_a_new_avatar_takes_the_place_of_the_former(
    alice, photo, django_capture_on_commit_callbacks
):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            change_avatar(person=alice, upload=photo())
    jobs.work_off("media")
    alice.profile.refresh_from_db()
    kept = names(media_root())
    assert kept
    assert {key.rpartition("/")[0] for key in kept} == {alice.profile.avatar}


def test_an_archive_holds_what_lies_in_the_store_and_is_fetched_from_it(
    alice, note_with_picture, as_person, settings
):
    note = note_with_picture(alice)
    archive = services.ask_for_archive(person=alice, now=timezone.now())
    while jobs.work_off("archives"):
        pass
    archive.refresh_from_db()
    assert archive.state == Archive.State.READY, archive.trouble
    assert names(private_root()) == [services.file_of(archive).key]
    with zipfile.ZipFile(services.file_of(archive).open("rb")) as opened:
        pictures = [name for name in opened.namelist() if name.startswith("media/")]
        best = max(r["bytes"] for r in note.images.get().renditions)
        assert pictures
        assert 0 < opened.getinfo(pictures[0]).file_size <= best
    settings.ARCHIVE_DAYS = 0
    later = timezone.now() + building.STRAYS_WAIT * 30
    Archive.objects.update(expires_at=timezone.now())
    Archive.objects.all().delete()
    building.expire(now=later)
    assert names(private_root()) == []


def test_documents_that_nobody_has_are_found(alice):
    stray = path_of("a" * 32)
    write(io.BytesIO(b"%PDF-"), stray)
    now = timezone.now()
    assert stray_files(older_than=now - building.STRAYS_WAIT) == []
    assert stray_files(older_than=now + building.STRAYS_WAIT) == [stray]


# ---------------------------------------------------------------- for operators
def findings(now=None):
    return {found.name: found for found in machine_checks.folders(now)}


def test_the_doctor_asks_the_store(away, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MODELS_DIR.mkdir()
    assert findings()["object store"].state == "well"
    assert names(private_root()) == []
    away()
    assert findings()["object store"].state == "mend"


def test_a_backup_without_the_files_is_none(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", SQLITE)
    with pytest.raises(BackupFailed, match="object store"):
        installation.sources(with_keys=False)


# ---------------------------------------------------------------- a store that is away
def test_a_file_that_cannot_be_asked_for_is_not_called_missing(
    alice, note_with_picture, as_person, away
):
    note = note_with_picture(alice)
    address = addresses(note)[0]
    away()
    answer = as_person(alice).get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert answer.headers["Retry-After"]


def test_a_job_waits_for_the_store_and_no_upload_is_promised(alice, make_note, photo, away):
    note = make_note(alice, publish=False)
    add_picture(author=alice, note_id=note.pk, upload=photo(), name="bowl.jpg")
    away()
    jobs.work_off("media")
    waiting = Job.objects.get(kind="pictures.process")
    assert (waiting.state, waiting.tries) == (Job.State.READY, 1)
    assert NoteImage.objects.get(note=note, is_text_card=False).state == NoteImage.State.PROCESSING
    with pytest.raises(StoreAway):
        add_picture(author=alice, note_id=note.pk, upload=photo(), name="other.jpg")
    assert NoteImage.objects.filter(note=note).count() == 1
