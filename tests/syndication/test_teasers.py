"""Open Graph, Twitter card and JSON-LD: what other sites show of a page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from accounts.models import Profile
from community.albums.models import Album
from community.albums.services import AlbumContent, create_album
from community.brands.models import Brand
from community.models import Channel, Note, NoteImage
from community.services.writing import NoteContent, edit_note


class Head(HTMLParser):
    """Metas by name, and the JSON of data elements, as a crawler parses them."""

    def __init__(self, html):
        super().__init__()
        self.metas, self.json, self._inside = {}, "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "meta" and ("property" in facts or "name" in facts):
            self.metas[facts.get("property") or facts["name"]] = facts["content"]
        self._inside = tag == "script" and facts.get("type") == "application/ld+json"

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.json += data


def head_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    head = Head(answer.content.decode())
    return head.metas, json.loads(head.json)


def test_a_note_tells_what_it_is(client, alice, make_note):
    note = make_note(alice, "A bowl")
    NoteImage.objects.filter(note=note).update(alt="Drawn", renditions=[
        {"width": 960, "height": 720, "format": "jpeg", "filename": "960.jpeg", "bytes": 9},
    ])  # fmt: skip
    Note.objects.filter(pk=note.pk).update(disclosure="paid", ai_made=True)
    metas, facts = head_of(client, f"/notes/{note.pk}/")
    assert metas["og:title"] == "Paid partnership · Made with AI · A bowl"
    assert metas["og:description"].startswith("Paid partnership · Made with AI · I mixed ash")
    assert metas["og:image"].endswith("/960.jpeg")
    assert (metas["og:image:width"], metas["twitter:card"]) == ("960", "summary_large_image")
    assert facts["@type"] == "SocialMediaPosting"
    assert facts["headline"] == "A bowl"
    assert facts["abstract"] == "Paid partnership · Made with AI"
    assert facts["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert facts["author"]["url"] == "http://testserver/people/alice/"
    assert set(facts["keywords"]) == {"pottery", "glaze"}


def test_hostile_texts_stay_inside(client, alice, make_note):
    evil = '</script><script>alert(1)</script>"><b>&amp;'
    note = make_note(alice, evil[:100], tags=["a-b"])
    Profile.objects.filter(person=alice).update(display_name=evil[:40], bio=evil)
    for address in (f"/notes/{note.pk}/", "/people/alice/"):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        metas, facts = head_of(client, address)
        assert metas["og:title"] == (evil if "notes" in address else evil[:40])
        assert json.dumps(facts)


def test_people_channels_and_tags_tell_what_they_are(client, alice, make_note):
    make_note(alice)
    Profile.objects.filter(person=alice).update(bio="Glazes and tides", followers_count=3)
    metas, facts = head_of(client, "/people/alice/")
    assert (metas["og:type"], metas["og:description"]) == ("profile", "Glazes and tides")
    assert facts["mainEntity"]["interactionStatistic"]["userInteractionCount"] == 3
    metas, facts = head_of(client, "/tags/pottery/")
    assert (metas["og:title"], facts["@type"]) == ("#pottery", "CollectionPage")
    parent = Channel.objects.get(slug="pottery").parent
    metas, facts = head_of(client, "/channels/pottery/")
    trail = facts["breadcrumb"]["itemListElement"]
    assert [step["item"].rsplit("/", 2)[1] for step in trail] == [parent.slug, "pottery"]


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_pages_for_few_say_nothing_to_machines(client, alice, make_note, visibility):
    note = make_note(alice, tags=["rare"])
    edit_note(author=alice, note_id=note.pk, content=NoteContent(
        title="A bowl", body=note.body, channel=note.channel, tags=["rare"], visibility=visibility,
    ))  # fmt: skip
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    for address in (f"/notes/{note.pk}/", "/tags/rare/"):
        head = client.get(address).content.decode().split("</head>")[0]
        assert '<meta name="robots" content="noindex">' in head
        assert not re.search(r"og:|ld\+json|rel=.alternate|oembed", head)


def test_an_album_tells_its_title_and_a_private_one_nothing(client, alice):
    album = create_album(owner=alice, content=AlbumContent(title="Blue", visibility="public"))
    metas, facts = head_of(client, album.get_absolute_url())
    assert (metas["og:title"], facts["@type"]) == ("Blue", "CollectionPage")
    Album.objects.update(visibility="private")
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    page = client.get(album.get_absolute_url()).content.decode()
    assert "og:title" not in page
    assert "noindex" in page


def test_a_verified_brand_and_its_product_tell_what_they_are(client, kiln):
    brand, bowl = kiln
    metas, facts = head_of(client, brand.get_absolute_url())
    assert (metas["og:title"], facts["mainEntity"]["@type"]) == ("Low Kiln", "Brand")
    metas, facts = head_of(client, bowl.get_absolute_url())
    assert (metas["og:description"], facts["@type"]) == ("Ash glaze.", "Product")
    assert (facts["offers"]["price"], facts["offers"]["priceCurrency"]) == ("12.50", "EUR")


def test_a_brand_that_nobody_verified_tells_nothing(client, kiln):
    Brand.objects.update(verified_until=None)
    for thing in kiln:
        page = client.get(thing.get_absolute_url()).content.decode()
        assert "og:title" not in page
        assert "noindex" in page
