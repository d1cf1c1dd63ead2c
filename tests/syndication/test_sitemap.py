"""The site map and robots.txt."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts import indexing
from accounts.models import Profile
from community.albums.services import AlbumContent, add_to_album, create_album
from community.brands.models import Brand
from community.services.places import find_or_create_place
from community.syndication import sitemaps

from .conftest import parsed

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(answer):
    assert answer.status_code == 200
    return [element.text for element in parsed(answer.content).iter(f"{NS}loc")]


def everything(client):
    """Every page that the map leads to, from robots.txt on, as a crawler walks."""
    [index] = re.findall(r"^Sitemap: (.+)$", client.get("/robots.txt").content.decode(), re.M)
    parts = locations(client.get(index))
    return [page for part in parts for page in locations(client.get(part))]


def test_the_map_leads_to_every_public_page_and_each_opens(client, alice, make_note):
    place = find_or_create_place(name="Low kiln", city="", latitude=30.2, longitude=120.1)
    note = make_note(alice, place=place)
    pages = everything(client)
    for path in (
        f"/notes/{note.pk}/", "/people/alice/", "/tags/pottery/", f"/places/{place.pk}/",
        "/channels/pottery/",
    ):  # fmt: skip
        assert f"http://testserver{path}" in pages
    assert {client.get(page).status_code for page in pages} == {200}
    assert len(pages) == len(set(pages))


def test_what_is_for_few_is_not_on_it(client, alice, bob, make_note):
    place = find_or_create_place(name="Her home", city="", latitude=1, longitude=1)
    for number, visibility in enumerate(("followers", "private")):
        make_note(alice, visibility=visibility, tags=[f"only{number}"], place=place)
    make_note(alice, publish=False)
    pages = everything(client)
    assert not [page for page in pages if "/channels/" not in page]


def test_who_is_not_indexed_is_not_on_it(client, alice, bob, make_note, monkeypatch):
    hers, his = make_note(alice, tags=["hers"]), make_note(bob, tags=["his"])
    monkeypatch.setitem(indexing.OPEN_TO_MACHINES, "profile__likes_shown", False)
    Profile.objects.filter(person=alice).update(likes_shown=True)
    pages = " ".join(everything(client))
    assert f"/notes/{his.pk}/" in pages
    for path in (f"/notes/{hers.pk}/", "/people/alice/", "/tags/hers/"):
        assert path not in pages
    for path in (f"/notes/{hers.pk}/", "/people/alice/", "/tags/hers/"):
        head = client.get(path).content.decode().split("</head>")[0]
        assert '<meta name="robots" content="noindex">' in head
        assert "og:" not in head
        assert "ld+json" not in head
        assert 'rel="alternate"' not in head


def test_parts_hold_every_row_once_wherever_they_are_cut(client, alice, make_note, monkeypatch):
    monkeypatch.setattr(sitemaps, "PART", 3)
    notes = {f"http://testserver/notes/{make_note(alice).pk}/" for _ in range(7)}
    found = [page for page in everything(client) if "/notes/" in page]
    assert len(found) == 7
    assert set(found) == notes


@pytest.mark.parametrize(
    "path", ["notes/7.xml", "notes/90000.xml", "drafts/0.xml", "people/99999999999999990000.xml"]
)
def test_parts_that_do_not_exist_are_refused(client, db, path):
    assert client.get(f"/sitemaps/{path}").status_code == 404


def test_albums_and_what_verified_brands_offer_are_on_it(client, alice, bob, make_note, kiln):
    brand, bowl = kiln
    album = create_album(owner=alice, content=AlbumContent(title="Blue", visibility="public"))
    add_to_album(actor=alice, album_id=album.pk, note_id=make_note(bob).pk)
    pages = everything(client)
    for thing in (album, brand, bowl):
        assert f"http://testserver{thing.get_absolute_url()}" in pages
        assert client.get(thing.get_absolute_url()).status_code == 200


def test_empty_and_private_albums_and_brands_of_any_name_are_not(
    client, alice, bob, make_note, kiln
):
    brand, bowl = kiln
    Brand.objects.update(verified_until=timezone.now())
    empty = create_album(owner=alice, content=AlbumContent(title="Blue", visibility="public"))
    private = create_album(owner=alice, content=AlbumContent(title="Mine", visibility="private"))
    for_few = create_album(owner=alice, content=AlbumContent(title="Hers", visibility="public"))
    add_to_album(actor=alice, album_id=private.pk, note_id=make_note(bob).pk)
    hers = make_note(alice, visibility="private")
    add_to_album(actor=alice, album_id=for_few.pk, note_id=hers.pk)
    pages = " ".join(everything(client))
    for thing in (brand, bowl, empty, private, for_few):
        assert f"{thing.get_absolute_url()}" not in pages
