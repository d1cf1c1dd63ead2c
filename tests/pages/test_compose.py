"""Writing a note: with one plain form, and piece by piece as the page's module does it."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import NotFound
from community.models import Note, NoteImage, Place, Tag, TaggedNote
from community.models.note import TITLE_LENGTH
from community.outbox.jobs import work_off
from community.services.pictures import add_picture, arrange_pictures, replace_picture

TOO_LONG = "t" * (TITLE_LENGTH + 1)
WORDS = {
    "title": "Slow cooling",
    "body": "Eighty degrees an hour. #kiln",
    "tags": "pottery，latte art, #glaze",
    "channel": "pottery",
    "visibility": "public",
}


def tag_names(note):
    return set(note.tags.names())


def own_pictures(note):
    return list(note.images.filter(is_text_card=False).order_by("position"))


# ---------------------------------------------------------------- one plain form
@pytest.mark.parametrize("name", ["AC/DC", "../..", "a\\b", "///", "..", "C++", "100%", "¿?#&"])
def test_a_tag_of_any_signs_has_a_page(name, alice, as_person):
    as_person(alice).post("/compose/", WORDS | {"tags": name, "act": "publish"})
    note = Note.objects.get()
    assert as_person(alice).get(f"/notes/{note.pk}/").status_code == 200
    for tag in note.tags.all():
        assert as_person(alice).get(tag.get_absolute_url()).status_code == 200


def test_a_city_without_a_place_is_not_dropped_in_silence(alice, as_person):
    answer = as_person(alice).post("/compose/", WORDS | {"place_city": "Xiamen", "act": "publish"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Give the place a name." in page
    assert 'value="Xiamen"' in page
    assert not Note.objects.exclude(published_at=None).exists()


def test_tags_from_before_slashes_were_folded_lead_somewhere(alice, as_person, make_note):
    notes = [make_note(alice, tags=[name]) for name in ("ac-dc", "ac dc/1", "x")]
    for now, then in (("ac-dc-1", "ac/dc/1"), ("x", "..")):
        Tag.objects.filter(key=now).update(key=then)
    [twin] = Tag.objects.bulk_create([Tag(name="AC/DC", slug="ac/dc", key="ac/dc")])
    for note in notes[:2]:
        TaggedNote.objects.create(tag=twin, content_object=note)
    import_module("community.migrations.0011_tags_without_slashes").fold_again(apps, None)
    carried = [sorted(note.tags.values_list("key", flat=True)) for note in notes]
    assert carried == [["ac-dc"], ["ac-dc", "ac-dc-1"], []]
    assert all("/" not in key and key != ".." for key in Tag.objects.values_list("key", flat=True))


def test_looking_at_the_page_makes_nothing(alice, as_person):
    assert as_person(alice).get("/compose/").status_code == 200
    assert not Note.objects.exists()


def test_one_form_publishes_words_place_and_pictures(alice, as_person, photo):
    place = {
        "place_name": "Yard",
        "place_city": "Xiamen",
        "latitude": "24.4396",
        "longitude": "118.09",
    }
    sent = WORDS | place | {"act": "publish", "pictures": [photo("a.jpg"), photo("b.jpg")]}
    answer = as_person(alice).post("/compose/", sent)
    note = Note.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/notes/{note.pk}/")
    assert note.is_published
    assert tag_names(note) == {"pottery", "latte art", "glaze", "kiln"}
    assert (note.place.name, note.place.city) == ("Yard", "Xiamen")
    assert len(own_pictures(note)) == 2


def test_saved_as_a_draft_it_waits_in_the_list_of_drafts(alice, bob, as_person):
    answer = as_person(alice).post("/compose/", WORDS | {"act": "save"})
    note = Note.objects.get()
    assert answer.headers["Location"] == f"/notes/{note.pk}/edit/"
    assert not note.is_published
    assert b"Slow cooling" in as_person(alice).get("/drafts/").content
    assert b"Slow cooling" not in as_person(bob).get("/drafts/").content


def test_a_refused_form_keeps_what_was_typed_and_the_pictures(alice, as_person, photo):
    typed = WORDS | {"title": TOO_LONG, "act": "publish", "pictures": [photo()]}
    answer = as_person(alice).post("/compose/", typed)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert f"At most {TITLE_LENGTH} characters: this has {TITLE_LENGTH + 1}." in html
    assert TOO_LONG in html
    assert "Eighty degrees an hour" in html
    note = Note.objects.get()
    assert len(own_pictures(note)) == 1
    assert f'action="/notes/{note.pk}/edit/"' in html
    assert not note.is_published


def test_a_file_that_is_no_picture_is_named_and_the_others_are_kept(alice, as_person, photo):
    svg = SimpleUploadedFile(
        "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
    )
    answer = as_person(alice).post(
        "/compose/", WORDS | {"act": "publish", "pictures": [photo(), svg]}
    )
    assert answer.status_code == 400
    assert "drawing.svg" in answer.content.decode()
    note = Note.objects.get()
    assert len(own_pictures(note)) == 1
    assert not note.is_published


def test_publishing_needs_a_channel_and_something_to_say(alice, as_person):
    client = as_person(alice)
    without = client.post("/compose/", WORDS | {"channel": "", "act": "publish"})
    assert without.status_code == 400
    assert b"Choose the channel" in without.content
    empty = client.post(
        "/compose/", {"channel": "pottery", "visibility": "public", "act": "publish"}
    )
    assert empty.status_code == 400
    assert b"A note needs a title" in empty.content
    assert not Note.objects.filter(state="published").exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"place_name": "Nowhere known"}, "We do not know where this is"),
        ({"place_name": "X", "latitude": "91", "longitude": "0"}, "from -90 to 90"),
        ({"place_name": "X", "latitude": "0", "longitude": "-999"}, "from -180 to 180"),
        ({"place_name": "X", "latitude": "nan", "longitude": "0"}, "Enter a number"),
        ({"place_name": "X", "latitude": "1e999", "longitude": "0"}, "Enter a number"),
        ({"place_name": "X", "latitude": "12"}, "both latitude and longitude"),
        ({"latitude": "12", "longitude": "12"}, "Give the place a name"),
        ({"channel": "no-such"}, "Choose a channel from the list"),
        ({"visibility": "everyone"}, "Choose who can see the note"),
        ({"tags": ",".join(f"tag{n}" for n in range(21))}, "at most 20 tags"),
        ({"body": "b" * 5001}, "At most 5000 characters"),
    ],
)
def test_each_refusal_is_told_and_nothing_is_lost(alice, as_person, typed, message):
    answer = as_person(alice).post("/compose/", WORDS | typed | {"act": "publish"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert message in html
    assert "Slow cooling" in html
    assert not Note.objects.filter(state="published").exists()


def test_a_place_is_found_by_its_name_when_only_one_is_known(alice, bob, make_note, as_person):
    yard = Place.objects.create(name="Kiln Yard", city="Xiamen", latitude=24.4, longitude=118.1)
    make_note(bob, place=yard)
    as_person(alice).post("/compose/", WORDS | {"place_name": "kiln yard", "act": "save"})
    assert Note.objects.get(author=alice).place == yard


def test_a_place_that_only_a_private_note_names_is_known_to_nobody_else(
    alice, bob, make_note, as_person
):
    home = Place.objects.create(name="My home", city="Xiamen", latitude=24.4, longitude=118.1)
    make_note(bob, place=home, visibility="private")
    answer = as_person(alice).post("/compose/", WORDS | {"place_name": "My home", "act": "save"})
    assert answer.status_code == 400
    assert as_person(alice).get("/suggest/places/?q=home").json() == {"places": []}
    assert len(as_person(bob).get("/suggest/places/?q=home").json()["places"]) == 1


# ---------------------------------------------------------------- editing
def test_the_edit_page_holds_what_the_note_says(alice, make_note, as_person):
    yard = Place.objects.create(name="Kiln Yard", city="Xiamen", latitude=24.4, longitude=118.1)
    note = make_note(alice, place=yard)
    html = as_person(alice).get(f"/notes/{note.pk}/edit/").content.decode()
    for word in ("Glazing my first bowl", "Kiln Yard", "24.4", "ash and feldspar"):
        assert word in html
    assert '<option value="pottery" selected>' in html


def test_editing_a_published_note_keeps_the_former_text(alice, make_note, as_person):
    note = make_note(alice, title="First words")
    answer = as_person(alice).post(f"/notes/{note.pk}/edit/", WORDS | {"act": "save"})
    assert answer.headers["Location"] == f"/notes/{note.pk}/"
    note.refresh_from_db()
    assert note.title == "Slow cooling"
    assert note.revisions.get().title == "First words"


def test_somebody_elses_note_cannot_be_edited_in_any_way(alice, bob, make_note, as_person, photo):
    note = make_note(alice)
    client = as_person(bob)
    assert client.get(f"/notes/{note.pk}/edit/").status_code == 404
    assert client.post(f"/notes/{note.pk}/edit/", WORDS).status_code == 404
    assert client.post(f"/notes/{note.pk}/save/", WORDS).status_code == 404
    assert client.post(f"/notes/{note.pk}/pictures/", {"picture": photo()}).status_code == 403
    assert client.get(f"/notes/{note.pk}/delete/").status_code == 404
    assert client.post(f"/notes/{note.pk}/delete/").status_code == 403
    note.refresh_from_db()
    assert note.title == "Glazing my first bowl"
    assert note.deleted_at is None


def test_deleting_asks_once(alice, make_note, as_person):
    note, client = make_note(alice), as_person(alice)
    assert b"Delete this note?" in client.get(f"/notes/{note.pk}/delete/").content
    assert client.post(f"/notes/{note.pk}/delete/").status_code == 303
    assert client.get(f"/notes/{note.pk}/").status_code == 404


@pytest.fixture
def draft_with_three(alice, make_note, photo):
    note = make_note(alice, publish=False)
    for name in "abc":
        add_picture(author=alice, note_id=note.pk, upload=photo(f"{name}.jpg"), name=f"{name}.jpg")
    return note


@pytest.mark.parametrize(
    ("button", "pressed", "expected"),
    [("earlier", 2, "acb"), ("later", 0, "bac"), ("earlier", 0, "abc"), ("remove", 1, "ac")],
)
def test_pictures_are_moved_and_removed_by_buttons(
    alice, draft_with_three, as_person, button, pressed, expected
):
    note = draft_with_three
    names = dict(zip([image.pk for image in own_pictures(note)], "abc", strict=True))
    ids = list(names)
    sent = WORDS | {"arranged": "1", "order": ids, button: ids[pressed], f"alt-{ids[0]}": "The rim"}
    answer = as_person(alice).post(f"/notes/{note.pk}/edit/", sent)
    assert answer.status_code == 303
    assert "".join(names[image.pk] for image in own_pictures(note)) == expected
    assert NoteImage.objects.get(pk=ids[0]).alt == "The rim"


def test_a_picture_added_in_another_window_survives_the_form(alice, draft_with_three, as_person):
    ids = [image.pk for image in own_pictures(draft_with_three)]
    sent = WORDS | {"arranged": "1", "order": [ids[1], ids[0]], "act": "save"}
    as_person(alice).post(f"/notes/{draft_with_three.pk}/edit/", sent)
    assert [image.pk for image in own_pictures(draft_with_three)] == [ids[1], ids[0], ids[2]]


def test_a_picture_replaced_while_the_form_is_on_its_way_is_passed_over(
    alice, draft_with_three, photo
):
    first, second, third = [image.pk for image in own_pictures(draft_with_three)]
    new = replace_picture(
        author=alice, note_id=draft_with_three.pk, image_id=second, upload=photo(), name="new.jpg"
    )
    arrange_pictures(
        author=alice,
        note_id=draft_with_three.pk,
        order=[third, second, first],
        alts={second: "The old one"},
        seen={first, second, third},
    )
    assert [image.pk for image in own_pictures(draft_with_three)] == [third, first, new.pk]
    with pytest.raises(NotFound):
        arrange_pictures(author=alice, note_id=draft_with_three.pk, order=[second])


def test_pictures_of_another_note_cannot_be_drawn_into_the_order(
    alice, bob, draft_with_three, make_note, as_person, photo
):
    theirs = make_note(bob, publish=False)
    picture = add_picture(author=bob, note_id=theirs.pk, upload=photo(), name="x.jpg")
    ids = [image.pk for image in own_pictures(draft_with_three)]
    sent = WORDS | {"arranged": "1", "order": [picture.pk, *ids, "99999999999999999999", "x"]}
    as_person(alice).post(f"/notes/{draft_with_three.pk}/edit/", sent)
    assert [image.pk for image in own_pictures(draft_with_three)] == ids
    assert own_pictures(theirs) == [picture]


# ---------------------------------------------------------------- piece by piece
def test_the_module_starts_a_draft_and_adds_pictures_one_by_one(alice, as_person, photo):
    client = as_person(alice)
    made = client.post("/compose/draft/").json()
    answer = client.post(made["pictures"], {"picture": photo()})
    assert answer.status_code == 201
    image = NoteImage.objects.get(pk=answer.json()["id"])
    assert f'data-picture="{image.pk}"' in answer.json()["row"]
    assert client.get(f"/pictures/{image.pk}/").json()["state"] == "processing"
    work_off("media")
    assert client.get(f"/pictures/{image.pk}/").json()["state"] == "ready"
    removed = client.post(f"/pictures/{image.pk}/remove/", headers={"Accept": "application/json"})
    assert removed.json()["removed"] == image.pk
    assert not NoteImage.objects.exists()


def test_an_upload_that_is_refused_says_why(alice, make_note, as_person):
    note = make_note(alice, publish=False)
    client, address = as_person(alice), f"/notes/{note.pk}/pictures/"
    for file in (
        None,
        SimpleUploadedFile("a.jpg", b""),
        SimpleUploadedFile("b.jpg", b"not a picture"),
    ):
        answer = client.post(address, {"picture": file} if file else {})
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert not own_pictures(note)


def test_the_nineteenth_picture_is_refused(alice, make_note, as_person, photo):
    note = make_note(alice, publish=False)
    client = as_person(alice)
    answers = [
        client.post(f"/notes/{note.pk}/pictures/", {"picture": photo(size=(8, 8))}).status_code
        for _ in range(19)
    ]
    assert answers == [201] * 18 + [400]


def test_a_strangers_picture_can_be_neither_asked_for_nor_removed(
    alice, bob, draft_with_three, as_person
):
    image = own_pictures(draft_with_three)[0]
    assert as_person(bob).get(f"/pictures/{image.pk}/").status_code == 404
    assert as_person(bob).post(f"/pictures/{image.pk}/remove/").status_code == 404
    assert len(own_pictures(draft_with_three)) == 3


def test_autosave_keeps_the_words_of_a_draft_and_makes_no_places(alice, make_note, as_person):
    note = make_note(alice, publish=False)
    half = {"place_name": "Caf", "latitude": "1", "longitude": "2"}
    answer = as_person(alice).post(f"/notes/{note.pk}/save/", WORDS | half)
    assert answer.json()["saved"] is True
    note.refresh_from_db()
    assert note.title == "Slow cooling"
    assert not Place.objects.exists()


def test_autosave_leaves_a_published_note_as_it_is(alice, make_note, as_person):
    note = make_note(alice)
    assert as_person(alice).post(f"/notes/{note.pk}/save/", WORDS).json() == {"saved": False}
    note.refresh_from_db()
    assert note.title == "Glazing my first bowl"
    assert not note.revisions.exists()


def test_autosave_says_which_field_is_wrong(alice, make_note, as_person):
    note = make_note(alice, publish=False)
    answer = as_person(alice).post(f"/notes/{note.pk}/save/", WORDS | {"title": TOO_LONG})
    assert answer.status_code == 400
    assert "title" in answer.json()["errors"]


def test_tags_are_offered_from_the_text_and_by_their_beginning(alice, bob, make_note, as_person):
    make_note(bob, tags=["latte art", "pottery"])
    make_note(bob, tags=["secretword"], visibility="private")
    client = as_person(alice)
    text = {"title": "Pottery for beginners", "body": "First pottery lesson: centring the clay"}
    offered = client.get("/suggest/tags/", text).json()["tags"]
    assert "pottery" in {tag["name"] for tag in offered}
    begun = client.get("/suggest/tags/?q=lat").json()
    assert begun["tags"] == [{"name": "latte art"}]
    assert client.get("/suggest/tags/?q=secretw").json()["tags"] == []


def test_writing_needs_an_account(db, as_person):
    client = as_person(None)
    for address in ("/compose/", "/drafts/", "/settings/", "/notifications/", "/welcome/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"] == f"/account/login/?next={address}"


# ---------------------------------------------------------------- the same note in two windows
def version_on(client, note):
    page = client.get(f"/notes/{note.pk}/edit/").content.decode()
    return re.search(r'name="version" value="([0-9a-f]{16})"', page)[1]


def test_the_first_autosave_follows_the_draft_it_began(alice, as_person):
    client = as_person(alice)
    begun = client.post("/compose/draft/").json()
    answer = client.post(begun["save"], WORDS | {"version": begun["version"]})
    assert answer.json()["saved"] is True


def test_autosave_goes_on_from_version_to_version(alice, make_note, as_person):
    note, client = make_note(alice, publish=False), as_person(alice)
    version = version_on(client, note)
    for title in ("One", "Two", "Two", "Three"):
        sent = WORDS | {"title": title, "version": version}
        answer = client.post(f"/notes/{note.pk}/save/", sent).json()
        assert answer["saved"] is True
        version = answer["version"]
    assert version == version_on(client, note)
    note.refresh_from_db()
    assert note.title == "Three"


def test_autosave_writes_nothing_over_what_another_window_wrote(alice, make_note, as_person):
    note, client = make_note(alice, publish=False), as_person(alice)
    mine = version_on(client, note)
    client.post(f"/notes/{note.pk}/save/", WORDS | {"title": "The other", "version": mine})
    answer = client.post(f"/notes/{note.pk}/save/", WORDS | {"title": "Mine", "version": mine})
    assert answer.status_code == 409
    assert answer.json()["code"] == "stale"
    assert answer.json()["version"] == version_on(client, note)
    note.refresh_from_db()
    assert note.title == "The other"


@pytest.mark.parametrize("publish", [False, True])
def test_a_form_of_an_older_window_is_shown_again_and_the_next_press_decides(
    alice, make_note, as_person, photo, publish
):
    note, client = make_note(alice, publish=publish), as_person(alice)
    mine = version_on(client, note)
    client.post(f"/notes/{note.pk}/edit/", WORDS | {"title": "The other", "version": mine})
    sent = WORDS | {"title": "Mine", "version": mine, "act": "publish", "pictures": [photo()]}
    answer = client.post(f"/notes/{note.pk}/edit/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Mine"' in page
    assert 'id="overtaken" hidden' not in page
    note.refresh_from_db()
    assert (note.title, note.is_published) == ("The other", publish)
    assert len(own_pictures(note)) == 1  # it was sent with the form and is kept
    again = re.search(r'name="version" value="([0-9a-f]{16})"', page)[1]
    answer = client.post(
        f"/notes/{note.pk}/edit/", WORDS | {"title": "Mine", "version": again, "act": "save"}
    )
    assert answer.status_code == 303
    note.refresh_from_db()
    assert note.title == "Mine"


def test_a_refused_form_does_not_forget_which_words_it_was_opened_with(alice, make_note, as_person):
    note, client = make_note(alice, publish=False), as_person(alice)
    mine = version_on(client, note)
    client.post(f"/notes/{note.pk}/save/", WORDS | {"title": "The other", "version": mine})
    page = client.post(
        f"/notes/{note.pk}/edit/", WORDS | {"title": TOO_LONG, "version": mine}
    ).content.decode()
    assert f'name="version" value="{mine}"' in page


def test_a_picture_that_becomes_ready_is_nobodys_edit(alice, make_note, as_person, photo):
    note, client = make_note(alice, publish=False), as_person(alice)
    before = version_on(client, note)
    add_picture(author=alice, note_id=note.pk, upload=photo(), name="a.jpg")
    work_off("media")
    assert version_on(client, note) == before
