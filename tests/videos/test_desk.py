"""Videos in the admin: how far each is, why it was refused, and to look at."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Note, NoteVideo
from tests.admin.conftest import allow, logged_in

pytestmark = pytest.mark.django_db
LIST = "/admin/community/notevideo/"


@pytest.fixture
def desk(make_person):
    return logged_in(allow(make_person("vic"), "community.view_note", "community.view_notevideo"))


def test_refused_videos_are_listed_with_their_reason(alice, desk, video_note, prepare, film):
    video_note(alice, path=film("sound.mov", "-vn", picture=""))
    video_note(alice, title="Waves")
    prepare()
    every = desk.get(LIST).content.decode()
    assert "only sound" in every
    assert "Waves" in every
    refused = desk.get(LIST, {"state__exact": "refused"}).content.decode()
    assert "only sound" in refused
    assert "Waves" not in refused
    assert "Waves" not in desk.get(LIST, {"refusal": "no_picture"}).content.decode()
    assert "Waves" in desk.get(LIST, {"refusal": "no such reason"}).content.decode()
    row = NoteVideo.objects.get(state="refused")
    assert "only sound" in desk.get(f"{LIST}{row.pk}/change/").content.decode()


def test_staff_see_the_video_of_a_note_that_is_hidden(alice, desk, video_note, prepare):
    note = video_note(alice, publish=True)
    prepare()
    Note.objects.filter(pk=note.pk).update(hidden_at=timezone.now())
    video = NoteVideo.objects.get(note=note)
    address = reverse("admin:community_video", args=[video.pk])
    assert address in desk.get(f"/admin/community/note/{note.pk}/change/").content.decode()
    answer = desk.get(address, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 206
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(b"".join(answer.streaming_content)) == 10
    assert desk.get(reverse("admin:community_video", args=[video.pk + 1])).status_code == 404


def test_who_may_not_look_at_notes_sees_no_video(alice, bob, video_note, prepare):
    note = video_note(alice, publish=True)
    prepare()
    address = reverse("admin:community_video", args=[NoteVideo.objects.get(note=note).pk])
    assert logged_in(allow(bob)).get(address).status_code == 403
    assert logged_in(alice).get(address).status_code == 302
