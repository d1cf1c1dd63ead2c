"""A note and its video: taken in, prepared, refused, cancelled, removed."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.media import ffmpeg
from community.models import Note, NoteImage, NoteVideo
from community.moderation.services import restore_deleted_note
from community.outbox import jobs, stopping
from community.outbox.models import Job
from community.services import video_work
from community.services.pictures import add_picture, arrange_pictures, remove_picture, upload_path
from community.services.videos import add_video, remove_video, retry_video, video_path
from community.services.writing import delete_note, publish_note
from feeds.models import LiveNote

from .conftest import upload

pytestmark = pytest.mark.django_db
State = NoteVideo.State


def files_of(video):
    folder = video_path(video.token)
    kept = sorted(path.name for path in folder.rglob("*")) if folder.exists() else []
    return kept, upload_path(video.token).exists()


def break_off(monkeypatch, at, act):
    """Do something when the preparation is that far for the first time."""
    real, done = video_work._tell, []

    def tell(video, percent):
        if percent >= at and not done:
            done.append(percent)
            act()
        real(video, percent)

    monkeypatch.setattr(video_work, "_tell", tell)


def test_a_video_is_taken_in_prepared_and_gets_its_poster(alice, video_note, prepare):
    note = video_note(alice)
    video = NoteVideo.objects.get(note=note)
    assert (video.state, video.progress) == (State.PROCESSING, 0)
    assert note.images.get() == video.poster
    assert video.poster.state == NoteImage.State.PROCESSING
    prepare()
    video.refresh_from_db()
    assert (video.state, video.progress, video.width, video.height) == (State.READY, 100, 64, 64)
    assert 0.9 < video.seconds < 1.2
    assert video.poster.state == NoteImage.State.READY
    assert video.poster.phash
    assert {"sharpness", "brightness"} <= video.poster.measures.keys()
    assert files_of(video) == (["480.mp4"], False)
    assert not upload_path(video.poster.token).exists()
    assert not Job.objects.exists()


def test_a_published_note_is_live_when_its_poster_is(alice, video_note, prepare, work_off):
    note = video_note(alice, publish=True)
    work_off()
    assert not LiveNote.objects.filter(note=note).exists()
    prepare()
    work_off()
    assert LiveNote.objects.filter(note=note).exists()
    assert not note.images.filter(is_text_card=True).exists()


def test_a_video_is_enough_to_publish(alice, channel, video_note):
    note = video_note(alice, title="", body="", tags=())
    assert publish_note(author=alice, note_id=note.pk).is_published


def test_a_note_has_pictures_or_one_video(alice, make_note, video_note, clip, photo_of):
    with_video, with_picture = video_note(alice), make_note(alice, publish=False)
    add_picture(author=alice, note_id=with_picture.pk, upload=photo_of("teal"))
    with pytest.raises(Invalid) as refused:
        add_picture(author=alice, note_id=with_video.pk, upload=photo_of("teal"))
    assert refused.value.kind == "video_there"
    with pytest.raises(Invalid) as refused:
        add_video(author=alice, note_id=with_picture.pk, upload=upload(clip))
    assert refused.value.kind == "pictures_there"
    with pytest.raises(Invalid) as refused:
        add_video(author=alice, note_id=with_video.pk, upload=upload(clip))
    assert refused.value.kind == "too_many"


def test_nobody_gives_or_takes_the_video_of_another(alice, bob, video_note, make_note, clip):
    note, other = video_note(alice, publish=True), make_note(alice)
    with pytest.raises(NotAllowed):
        add_video(author=bob, note_id=other.pk, upload=upload(clip))
    with pytest.raises(NotAllowed):
        remove_video(author=bob, note_id=note.pk)
    assert NoteVideo.objects.get().note == note


def test_what_is_refused_at_once_leaves_nothing(alice, make_note, settings):
    note = make_note(alice, publish=False)
    settings.VIDEO_LARGEST_BYTES = 1_000
    for content in (b"no video", b"\0\0\0\x18ftypisom" + bytes(2_000)):
        with pytest.raises(Invalid):
            add_video(author=alice, note_id=note.pk, upload=BytesIO(content))
    assert not NoteVideo.objects.exists()
    assert not note.images.exists()
    assert not (Path(settings.MEDIA_ROOT) / "uploads").exists()


def test_what_the_worker_refuses_says_why_and_the_note_gets_a_card_of_its_words(
    alice, video_note, prepare, film, clip
):
    note = video_note(alice, path=film("sound.mov", "-vn", picture=""), publish=True)
    prepare()
    video = NoteVideo.objects.get(note=note)
    assert (video.state, video.refusal) == (State.REFUSED, "no_picture")
    assert files_of(video) == ([], False)
    assert video.poster.state == NoteImage.State.REFUSED
    assert note.images.get(is_text_card=True).state == NoteImage.State.READY
    add_video(author=alice, note_id=note.pk, upload=upload(clip))  # another one may take its place
    prepare()
    assert NoteVideo.objects.get(note=note).state == State.READY


def test_pictures_may_follow_a_refused_video(alice, video_note, prepare, film, photo_of):
    note = video_note(alice, path=film("sound.mov", "-vn", picture=""))
    prepare()
    add_picture(author=alice, note_id=note.pk, upload=photo_of("teal"))


def test_a_removed_video_leaves_neither_rows_nor_files(
    alice, video_note, prepare, django_capture_on_commit_callbacks
):
    note = video_note(alice, publish=True)
    prepare()
    video = NoteVideo.objects.get(note=note)
    with django_capture_on_commit_callbacks(execute=True):
        remove_video(author=alice, note_id=note.pk)
    assert not NoteVideo.objects.exists()
    assert files_of(video) == ([], False)
    assert note.images.get().is_text_card  # the note is published: something has to stand there
    with pytest.raises(NotFound):
        remove_video(author=alice, note_id=note.pk)


def test_the_poster_goes_only_with_its_video(alice, video_note, prepare):
    note = video_note(alice)
    prepare()
    poster = note.images.get()
    with pytest.raises(Conflict):
        remove_picture(author=alice, note_id=note.pk, image_id=poster.pk)
    arrange_pictures(author=alice, note_id=note.pk, order=[])
    arrange_pictures(author=alice, note_id=note.pk, order=[poster.pk], alts={poster.pk: "Waves"})
    assert note.images.get().alt == "Waves"


# ---------------------------------------------------------------- twice, killed, overtaken
def test_preparing_twice_changes_nothing(alice, video_note, prepare):
    note = video_note(alice)
    prepare()
    before = NoteVideo.objects.values().get(note=note)
    jobs.HANDLERS["videos.process"].run(video=before["id"])
    assert NoteVideo.objects.values().get(note=note) == before
    assert files_of(NoteVideo.objects.get()) == (["480.mp4"], False)


def test_two_who_prepare_it_at_once_leave_one_whole_video(alice, video_note, monkeypatch):
    """The first was only slow: the second does all while it is at 99 per cent."""
    video_note(alice)
    first, second = (NoteVideo.objects.select_related("poster").get() for _ in range(2))
    break_off(monkeypatch, 99, lambda: video_work.prepare(second))
    video_work.prepare(first)
    video = NoteVideo.objects.get()
    assert video.state == State.READY
    size = video.renditions[0]["bytes"]
    assert (video_path(video.token) / "480.mp4").stat().st_size == size
    assert Job.objects.filter(kind="pictures.process").count() == 1


def test_a_worker_that_died_is_followed_by_another_and_its_half_files_go(
    alice, video_note, prepare
):
    note = video_note(alice)
    video = NoteVideo.objects.get(note=note)
    half = video_path(video.token) / ".incoming-dead"
    half.mkdir(parents=True)
    (half / "480.mp4").write_bytes(b"half")
    now = timezone.now()
    assert len(jobs.lease("video", limit=1, now=now)) == 1  # and never heard of again
    assert jobs.retake_expired(now=now + jobs.LEASE + timedelta(seconds=1)) == 1
    Job.objects.update(run_at=now, last_error="")
    prepare()
    video.refresh_from_db()
    assert video.state == State.READY
    assert files_of(video) == (["480.mp4"], False)


@pytest.mark.parametrize("remove", [delete_note, remove_video])
def test_an_author_who_takes_it_away_ends_the_preparation(
    alice, video_note, prepare, monkeypatch, remove, django_capture_on_commit_callbacks
):
    note = video_note(alice)
    video = NoteVideo.objects.get(note=note)
    break_off(monkeypatch, 0, lambda: remove(author=alice, note_id=note.pk))
    with django_capture_on_commit_callbacks(execute=True):
        prepare()
    kept, upload_waits = files_of(video)
    assert kept == []
    assert upload_waits == (remove is delete_note)
    assert not Job.objects.filter(queue__in=("video", "media")).exists()


def test_a_note_that_comes_back_gets_its_video_after_all(alice, video_note, prepare, make_person):
    note = video_note(alice, publish=True)
    delete_note(author=alice, note_id=note.pk)
    prepare()
    assert NoteVideo.objects.get().state == State.CANCELLED
    keeper = make_person("keeper")
    keeper.is_superuser = keeper.is_staff = True
    keeper.save()
    restore_deleted_note(moderator=keeper, note_id=note.pk, reason="A mistake of ours.")
    prepare()
    assert NoteVideo.objects.get().state == State.READY


def test_a_worker_that_is_asked_to_stop_gives_the_job_back_and_leaves_nothing(
    alice, video_note, prepare, monkeypatch
):
    note = video_note(alice)
    video = NoteVideo.objects.get(note=note)
    break_off(monkeypatch, 0, stopping.ask)
    try:
        assert jobs.work_off("video") == 0
    finally:
        stopping._ASKED[0] = 0
    job = Job.objects.get(kind="videos.process")
    assert (job.state, job.tries, job.last_error) == (Job.State.READY, 0, "")
    assert files_of(video) == ([], True)
    prepare()
    video.refresh_from_db()
    assert video.state == State.READY


def test_a_worker_whose_job_was_retaken_stops(alice, video_note, monkeypatch):
    video_note(alice)
    break_off(monkeypatch, 0, lambda: Job.objects.update(lease="of another", lease_until=None))
    monkeypatch.setattr(jobs, "RENEW_EVERY", timedelta(0))
    assert jobs.work_off("video") == 0
    assert Job.objects.get(kind="videos.process").lease == "of another"
    video = NoteVideo.objects.get()
    assert (video.state, files_of(video)) == (State.PROCESSING, ([], True))


def test_an_upload_that_is_gone_is_told_as_missing(alice, video_note, prepare):
    video_note(alice)
    video = NoteVideo.objects.get()
    os.remove(upload_path(video.token))
    prepare()
    video.refresh_from_db()
    assert (video.state, video.refusal) == (State.REFUSED, "truncated")


def test_without_ffmpeg_the_job_fails_and_is_tried_again(alice, video_note, monkeypatch):
    video_note(alice)

    def nothing():
        raise ffmpeg.VideoFailed("There is no ffmpeg.")

    monkeypatch.setattr(ffmpeg, "program", nothing)
    assert jobs.work_off("video") == 0
    assert "There is no ffmpeg" in Job.objects.get(kind="videos.process").last_error
    assert NoteVideo.objects.get().state == State.PROCESSING


@pytest.fixture
def failed(alice, video_note, monkeypatch):
    """A published note whose video was tried as often as a job is, without ffmpeg."""
    note = video_note(alice, publish=True, body="Waves")
    with monkeypatch.context() as patch:
        patch.setattr(ffmpeg, "program", lambda: 1 / 0)
        for _ in range(jobs.MAX_TRIES):
            Job.objects.filter(kind="videos.process").update(run_at=timezone.now())
            assert jobs.work_off("video") == 0
    assert Job.objects.get(kind="videos.process").state == Job.State.ASIDE
    return note


def test_after_the_last_try_the_author_is_told_and_the_note_stands_as_words(failed):
    video = NoteVideo.objects.get(note=failed)
    assert (video.state, video.refusal) == (State.REFUSED, "failed")
    assert upload_path(video.token).exists()
    assert failed.images.get(is_text_card=True).state == NoteImage.State.PROCESSING


def test_it_is_tried_again_by_the_page(failed, alice, client, prepare):
    client.force_login(alice)
    edit = f"/notes/{failed.pk}/edit/"
    assert 'name="retry_video"' in client.get(edit).content.decode()
    said = {"body": "Waves", "channel": failed.channel.slug, "arranged": "1", "retry_video": "1"}
    client.post(edit, said | {"visibility": "public", "licence": "reserved"})
    assert NoteVideo.objects.get().state == State.PROCESSING
    Job.objects.filter(state=Job.State.ASIDE).delete()
    prepare()
    video = NoteVideo.objects.get()
    assert (video.state, video.poster.state) == (State.READY, NoteImage.State.READY)
    assert not failed.images.filter(is_text_card=True).exists()


def test_it_is_tried_again_by_a_program_once(failed, alice, bob, client):
    client.force_login(bob)
    assert client.post(f"/api/v1/notes/{failed.pk}/video/retry/").status_code == 403
    client.force_login(alice)
    for _ in range(2):
        answer = client.post(f"/api/v1/notes/{failed.pk}/video/retry/")
        assert (answer.status_code, answer.json()["state"]) == (200, "processing")
    assert Job.objects.filter(kind="videos.process", state=Job.State.READY).count() == 1


def test_a_job_that_an_operator_puts_back_prepares_it(failed):
    jobs.put_back(Job.objects.all(), now=timezone.now())
    jobs.work_off("video")
    assert NoteVideo.objects.get().state == State.READY


def test_where_pictures_took_its_place_it_stays_given_up(failed, alice, photo_of):
    add_picture(author=alice, note_id=failed.pk, upload=photo_of("teal"))
    with pytest.raises(Invalid):
        retry_video(author=alice, note_id=failed.pk)


def test_what_was_the_files_fault_is_not_tried_again(alice, video_note, prepare, film):
    note = video_note(alice, path=film("sound.mov", "-vn", picture=""))
    prepare()
    with pytest.raises(Invalid) as refused:
        retry_video(author=alice, note_id=note.pk)
    assert refused.value.kind == "no_picture"


def test_workers_that_die_at_it_again_and_again_are_told_too(alice, video_note):
    video_note(alice)
    for _ in range(jobs.MAX_TRIES):
        Job.objects.update(run_at=timezone.now())
        assert jobs.lease("video", limit=1, now=timezone.now())
        jobs.retake_expired(now=timezone.now() + 2 * jobs.LEASE)
    assert NoteVideo.objects.get().refusal == "failed"


def test_the_revision_moves_when_the_video_is_ready_so_that_cards_follow(
    alice, video_note, prepare
):
    note = video_note(alice, publish=True)
    before = Note.objects.get(pk=note.pk).revision
    prepare()
    assert Note.objects.get(pk=note.pk).revision > before
