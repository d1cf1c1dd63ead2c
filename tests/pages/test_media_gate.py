"""Pictures through the gate: an address that leaked opens nothing that its reader may not see."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.services import block_user, change_avatar
from community.models import Note
from community.services.writing import delete_note, publish_note

AUTHOR, FOLLOWER, STRANGER, BLOCKED, VISITOR = (
    "author",
    "follower",
    "stranger",
    "blocked",
    "visitor",
)
STATES = {
    "public": {AUTHOR, FOLLOWER, STRANGER, VISITOR},
    "followers": {AUTHOR, FOLLOWER},
    "private": {AUTHOR},
    "draft": {AUTHOR},
    "hidden": {AUTHOR},
    "deleted": set(),
    "author away": {AUTHOR},
}


@pytest.fixture
def viewers(alice, bob, charlie, make_person, as_person):
    dora = make_person("dora")
    block_user(blocker=alice, blocked=dora)
    people = {AUTHOR: alice, FOLLOWER: bob, STRANGER: charlie, BLOCKED: dora, VISITOR: None}
    return {role: as_person(person) for role, person in people.items()}


def put_into(state, note, author):
    if state != "draft":
        publish_note(author=author, note_id=note.pk)
    if state in ("followers", "private"):
        Note.objects.filter(pk=note.pk).update(visibility=state)
    if state == "hidden":
        Note.objects.filter(pk=note.pk).update(hidden_at=timezone.now())
    if state == "deleted":
        delete_note(author=author, note_id=note.pk)


def addresses(note):
    image = note.images.get(is_text_card=False)
    return [f"/media/notes/{image.token}/{r['filename']}" for r in image.renditions]


@pytest.mark.parametrize("state", [state for state in STATES if state != "author away"])
def test_a_picture_is_sent_to_those_who_see_its_note(state, alice, viewers, note_with_picture):
    note = note_with_picture(alice)
    files = addresses(note)
    put_into(state, note, alice)
    for role, client in viewers.items():
        expected = 200 if role in STATES[state] else 404
        assert {client.get(file).status_code for file in files} == {expected}, role


def test_the_pictures_of_a_suspended_author_vanish(alice, viewers, note_with_picture):
    note = note_with_picture(alice)
    publish_note(author=alice, note_id=note.pk)
    alice.is_active = False
    alice.save()
    for role in (FOLLOWER, STRANGER, VISITOR):
        assert viewers[role].get(addresses(note)[0]).status_code == 404


def test_public_pictures_may_be_kept_an_hour_and_others_not_at_all(
    alice, viewers, note_with_picture
):
    note = note_with_picture(alice)
    file = addresses(note)[0]
    assert viewers[AUTHOR].get(file).headers["Cache-Control"] == "private, no-store"
    publish_note(author=alice, note_id=note.pk)
    answer = viewers[VISITOR].get(file)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    assert viewers[FOLLOWER].get(file).headers["Cache-Control"] == "private, no-store"


def test_a_picture_has_the_type_of_its_rendition(alice, viewers, note_with_picture):
    note = note_with_picture(alice)
    publish_note(author=alice, note_id=note.pk)
    for rendition, file in zip(
        note.images.get(is_text_card=False).renditions, addresses(note), strict=True
    ):
        answer = viewers[VISITOR].get(file)
        assert answer.headers["Content-Type"] == f"image/{rendition['format']}"
        assert len(b"".join(answer.streaming_content)) == rendition["bytes"]


def test_what_the_browser_has_is_not_sent_again_unless_it_was_hidden(
    alice, viewers, note_with_picture
):
    note = note_with_picture(alice)
    publish_note(author=alice, note_id=note.pk)
    file = addresses(note)[0]
    etag = viewers[VISITOR].get(file).headers["ETag"]
    assert viewers[VISITOR].get(file, headers={"If-None-Match": etag}).status_code == 304
    Note.objects.filter(pk=note.pk).update(hidden_at=timezone.now())
    assert viewers[VISITOR].get(file, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize(
    "name", ["..%2f..%2fdb.sqlite3", "../../../secret_key", "480.png", "%00", ".incoming-x", "."]
)
def test_only_names_of_renditions_are_served(alice, viewers, note_with_picture, name):
    note = note_with_picture(alice)
    token = note.images.get(is_text_card=False).token
    assert viewers[AUTHOR].get(f"/media/notes/{token}/{name}").status_code == 404


def test_one_query_decides(alice, viewers, note_with_picture, django_assert_num_queries):
    note = note_with_picture(alice)
    publish_note(author=alice, note_id=note.pk)
    file = addresses(note)[0]
    viewers[VISITOR].get(file)  # which networks are kept out is asked now and then
    with django_assert_num_queries(1):
        viewers[VISITOR].get(file)


def test_an_avatar_is_shown_to_all_but_the_blocked(alice, viewers, photo):
    change_avatar(person=alice, upload=photo())
    alice.profile.refresh_from_db()
    file = f"/media/{alice.profile.avatar}/96.webp"
    assert viewers[VISITOR].get(file).headers["Content-Type"] == "image/webp"
    assert viewers[STRANGER].get(file).status_code == 200
    assert viewers[BLOCKED].get(file).status_code == 404
    assert viewers[VISITOR].get(f"/media/{alice.profile.avatar}/97.webp").status_code == 404
