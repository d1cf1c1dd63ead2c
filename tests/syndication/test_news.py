"""RSS and Atom per person, tag, channel and place: what a news reader gets, and when nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import indexing
from accounts.models import Profile, User
from community.models import Note, NoteImage
from community.moderation.services import hide_note
from community.services.places import find_or_create_place
from community.services.writing import delete_note

from .conftest import parsed

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"


def rss_items(answer):
    assert answer.status_code == 200, answer.content
    return parsed(answer.content).find("channel").findall("item")


def titles(client, address):
    return [item.findtext("title") for item in rss_items(client.get(address))]


@pytest.fixture
def note(alice, make_note):
    place = find_or_create_place(name="Low kiln", city="Hangzhou", latitude=30.2, longitude=120.1)
    note = make_note(alice, "A bowl", place=place)
    NoteImage.objects.filter(note=note).update(is_text_card=False, alt="green & wet", renditions=[
        {"width": 480, "height": 360, "format": "jpeg", "filename": "480.jpeg", "bytes": 4321},
        {"width": 960, "height": 720, "format": "jpeg", "filename": "960.jpeg", "bytes": 9876},
    ])  # fmt: skip
    return note


def addresses(note):
    return {
        "person": "/people/alice/notes", "tag": "/tags/pottery/notes",
        "channel": "/channels/pottery/notes", "place": f"/places/{note.place_id}/notes",
    }  # fmt: skip


@pytest.mark.parametrize("subject", ["person", "tag", "channel", "place"])
def test_each_subject_has_both_forms(client, note, subject):
    address = addresses(note)[subject]
    [item] = rss_items(client.get(f"{address}.rss"))
    assert item.findtext("title") == "A bowl"
    assert item.findtext("link") == f"http://testserver/notes/{note.pk}/"
    atom = client.get(f"{address}.atom")
    assert atom.headers["Content-Type"].startswith("application/atom+xml")
    [entry] = parsed(atom.content).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A bowl"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "alice"


def test_pictures_are_enclosures_with_their_size(client, note):
    [item] = rss_items(client.get("/people/alice/notes.rss"))
    enclosure = item.find("enclosure").attrib
    assert enclosure["url"].startswith("http://testserver/media/notes/")
    assert (enclosure["length"], enclosure["type"]) == ("9876", "image/jpeg")
    [media] = item.findall(f"{MEDIA}content")
    assert media.findtext(f"{MEDIA}description") == "green & wet"
    entry = parsed(client.get("/people/alice/notes.atom").content)
    links = [link.attrib["rel"] for link in entry.find(f"{ATOM}entry").findall(f"{ATOM}link")]
    assert links.count("enclosure") == 1


def test_what_is_paid_for_or_made_by_a_machine_says_so(client, note):
    Note.objects.filter(pk=note.pk).update(disclosure="paid", ai_made=True)
    [item] = rss_items(client.get("/people/alice/notes.rss"))
    assert item.findtext("title") == "Paid partnership · Made with AI · A bowl"
    assert "<strong>Paid partnership</strong>" in item.findtext("description")
    words = [category.text for category in item.findall("category")]
    assert {"Paid partnership", "Made with AI", "Pottery", "glaze"} <= set(words)


def test_links_in_texts_hold_outside(client, alice, make_note):
    make_note(alice, body='See #kiln and <img src=x onerror=alert(1)> "href="/evil')
    html = rss_items(client.get("/people/alice/notes.rss"))[0].findtext("description")
    assert 'href="http://testserver/tags/kiln/"' in html
    assert "<img src=x" not in html
    assert "&quot;href=&quot;/evil" in html


def test_what_no_xml_can_hold_is_left_out(client, alice, make_note):
    note = make_note(alice)
    Note.objects.filter(pk=note.pk).update(title="bell\x07 \ufffe bowl", body="form\x0cfeed")
    Profile.objects.filter(person=alice).update(display_name="Al\x01ice")
    assert titles(client, "/people/alice/notes.rss") == ["bell  bowl"]
    assert client.get("/people/alice/notes.atom").status_code == 200
    assert client.get(f"/notes/{note.pk}/").status_code == 200


def test_a_reader_that_has_it_is_told_so_and_a_hidden_note_is_gone(client, note, alice, make_note):
    make_note(alice, "Older")
    first = client.get("/people/alice/notes.rss")
    assert first.headers["Last-Modified"]
    assert "max-age=60" in first.headers["Cache-Control"]
    has_it = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/people/alice/notes.rss", headers=has_it)
    assert (again.status_code, again.content) == (304, b"")
    hide_note(moderator=User.objects.create_superuser("root"), note_id=note.pk, reason="No")
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    for headers in (has_it, by_date):
        answer = client.get("/people/alice/notes.rss", headers=headers)
        assert answer.status_code == 200
        assert b"A bowl" not in answer.content


def test_an_empty_feed_keeps_its_etag(client, channel):
    marks = {client.get("/channels/cats/notes.rss").headers["ETag"] for _ in range(3)}
    assert len(marks) == 1


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_only_what_is_for_everybody_is_in_it(client, alice, bob, make_note, visibility):
    make_note(alice, "For all")
    make_note(alice, "For few", visibility=visibility, tags=["secret"])
    for viewer in (None, alice, bob):
        browser = Client()
        if viewer:
            browser.force_login(viewer, backend="accounts.backends.PersonBackend")
        assert titles(browser, "/people/alice/notes.rss") == ["For all"]
        assert browser.get("/tags/secret/notes.rss").status_code == 404


def test_who_is_not_indexed_has_no_feed_and_is_in_none(client, note, bob, make_note, monkeypatch):
    make_note(bob, "By Bob")
    monkeypatch.setitem(indexing.OPEN_TO_MACHINES, "profile__likes_shown", False)
    Profile.objects.filter(person=note.author).update(likes_shown=True)
    assert client.get("/people/alice/notes.rss").status_code == 404
    assert titles(client, "/tags/pottery/notes.rss") == ["By Bob"]
    assert titles(client, "/channels/pottery/notes.atom".replace("atom", "rss")) == ["By Bob"]
    assert client.get(f"/places/{note.place_id}/notes.rss").status_code == 404


@pytest.mark.parametrize("address", [
    "/people/nobody/notes.rss", "/people/%00/notes.rss", "/tags/unheard/notes.atom",
    "/channels/nowhere/notes.rss", "/places/999999/notes.rss", "/people/alice/notes.xml",
    "/places/99999999999999999999/notes.rss", "/tags/%ED%A0%80/notes.rss",
])  # fmt: skip
def test_what_is_not_there_is_refused(client, alice, address):
    assert client.get(address).status_code == 404


def test_a_deleted_note_and_a_suspended_author_are_gone(client, note, alice):
    delete_note(author=alice, note_id=note.pk)
    assert titles(client, "/people/alice/notes.rss") == []
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/people/alice/notes.rss").status_code == 404


def test_many_notes_cost_no_more_queries(client, alice, make_note, django_assert_max_num_queries):
    for number in range(8):
        make_note(alice, f"Bowl {number}")
    with django_assert_max_num_queries(6):
        assert len(titles(client, "/people/alice/notes.rss")) == 8


def test_pages_lead_to_their_feeds(client, note):
    for page, feed in (
        (f"/notes/{note.pk}/", "/people/alice/notes.rss"),
        ("/people/alice/", "/people/alice/notes.atom"),
        ("/tags/pottery/", "/tags/pottery/notes.rss"),
        ("/channels/pottery/", "/channels/pottery/notes.rss"),
        (f"/places/{note.place_id}/", f"/places/{note.place_id}/notes.atom"),
    ):
        head = client.get(page).content.decode().split("</head>")[0]
        assert f'href="http://testserver{feed}"' in head, page
