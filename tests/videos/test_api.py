"""A program sends a video, asks how far it is, and takes it back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from knox.models import AuthToken
from rest_framework.test import APIClient

from community.models import NoteVideo
from community.wsgi import application

pytestmark = pytest.mark.django_db


def program(person=None):
    client = APIClient()
    if person is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(person)[1]}")
    return client


def file_of(content, name="waves.mp4"):
    return SimpleUploadedFile(name, content, content_type="video/mp4")


def test_from_upload_to_the_note_of_others(alice, make_note, clip, prepare, client):
    note = make_note(alice)
    address, page = f"/api/v1/notes/{note.pk}/video/", f"/api/v1/notes/{note.pk}/"
    author, reader = program(alice), program()
    assert author.get(address).status_code == 404
    sent = author.post(address, {"file": file_of(clip.read_bytes()), "alt": "Waves"})
    assert sent.status_code == 201, sent.content
    assert (sent.json()["state"], sent.json()["progress"]) == ("processing", 0)
    assert reader.get(address).status_code == 404
    assert reader.get(page).json()["video"] is None
    assert author.get(page).json()["video"]["state"] == "processing"
    prepare()
    video = reader.get(page).json()["video"]
    assert video == reader.get(address).json()
    assert (video["state"], video["width"], video["height"]) == ("ready", 64, 64)
    assert video["has_sound"] is True
    [rendition] = video["renditions"]
    played = client.get(rendition["url"].removeprefix("http://testserver"))
    assert len(b"".join(played.streaming_content)) == rendition["bytes"]
    assert [picture["alt"] for picture in reader.get(page).json()["pictures"]][-1] == "Waves"
    assert "token" not in video
    assert reader.delete(address).status_code == 401
    assert author.delete(address).status_code == 204
    assert author.delete(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"#EXTM3U\n", "not_a_video"), (b"\x89PNG\r\n\x1a\n", "wrong_type")],
)
def test_what_is_no_video_is_refused_with_its_code(alice, make_note, content, code):
    note = make_note(alice, publish=False)
    answer = program(alice).post(f"/api/v1/notes/{note.pk}/video/", {"file": file_of(content)})
    assert answer.status_code == 400
    # Django's own form parser drops files of no bytes at all.
    assert answer.json()["code"] in (code, "required", "invalid"), answer.json()
    assert not NoteVideo.objects.exists()


def test_what_the_worker_refuses_is_told_as_code_and_sentence(alice, video_note, prepare, film):
    note = video_note(alice, path=film("sound.mov", "-vn", picture=""))
    prepare()
    told = program(alice).get(f"/api/v1/notes/{note.pk}/video/").json()
    assert (told["state"], told["refusal"]) == ("refused", "no_picture")
    assert "only sound" in told["reason"]


def test_three_gigabytes_are_refused_before_they_are_read(alice, make_note):
    note = make_note(alice, publish=False)
    address = f"/api/v1/notes/{note.pk}/video/"
    answer = program(alice).post(
        address, {"file": file_of(b"\0\0\0\x18ftypisom")}, CONTENT_LENGTH="3000000000"
    )
    assert answer.status_code == 413
    assert not NoteVideo.objects.exists()


def test_the_web_server_itself_does_not_read_three_gigabytes():
    class Unread:
        def read(self, size):
            raise AssertionError("It was read.")

    said = []
    asked = {"CONTENT_LENGTH": "3000000000", "wsgi.input": Unread()}
    body = b"".join(application(asked, lambda status, headers: said.append(status)))
    assert said == ["413 Content Too Large"]
    assert b"too large" in body
    assert application.largest_body > settings.VIDEO_LARGEST_BYTES


def test_only_the_author_may(alice, bob, charlie, make_note, video_note, clip):
    note, draft = make_note(alice), video_note(alice)
    for person, status in ((bob, 403), (charlie, 403), (None, 401)):
        sent = program(person).post(
            f"/api/v1/notes/{note.pk}/video/", {"file": file_of(clip.read_bytes())}
        )
        assert sent.status_code == status
        assert program(person).get(f"/api/v1/notes/{draft.pk}/video/").status_code == 404
    assert NoteVideo.objects.count() == 1
