"""Small maps on pages, and the places a map may show."""

from __future__ import annotations

import re

import pytest

from community.models import Place
from community.views.suggestions import box_of


@pytest.fixture
def places(alice, make_note):
    """One everybody may meet, one for followers, and Alice's own."""
    made = {}
    for name, at, visibility in (
        ("Kiln", (30.22361, 120.11724), "public"),
        ("Yard", (30.24, 120.13), "followers"),
        ("Home", (30.26, 120.15), "private"),
    ):
        place = Place.objects.create(name=name, latitude=at[0], longitude=at[1], city="Hangzhou")
        made[name] = make_note(alice, name, place=place, visibility=visibility)
    return made


def on_the_map(client, box="30,120,31,121"):
    answer = client.get("/suggest/places/", {"box": box})
    return {place["name"] for place in answer.json()["places"]}


def test_a_map_shows_the_places_one_may_meet(places, alice, bob, charlie, as_person):
    assert on_the_map(as_person(alice)) == {"Kiln", "Yard", "Home"}
    assert on_the_map(as_person(bob)) == {"Kiln", "Yard"}
    assert on_the_map(as_person(charlie)) == {"Kiln"}
    assert as_person(None).get("/suggest/places/", {"box": "30,120,31,121"}).status_code == 302


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("30,120,31,121", True),
        ("30,121,31,122", False),
        ("31,120,32,121", False),
        ("-83,-180,83,180", True),
        ("-83,-300,83,300", True),
        ("30,-241,31,-239", True),
        ("30,479,31,481", True),
        ("30,170,31,190", False),
    ],
)
def test_a_part_of_a_map_may_lie_beyond_the_date_line(places, charlie, as_person, box, found):
    assert on_the_map(as_person(charlie), box) == ({"Kiln"} if found else set())


@pytest.mark.parametrize(
    "said", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "2,0,1,1", "0,2,1,1", "-91,0,1,1", "0,0,1,inf"]
)
def test_what_is_no_part_of_a_map_is_none(said):
    assert box_of(said) is None


@pytest.mark.parametrize("path", ["/places/{place}/", "/notes/{note}/"])
def test_a_page_draws_where_a_place_lies_and_tells_no_more_than_a_kilometre(
    places, charlie, as_person, path
):
    note = places["Kiln"]
    html = as_person(charlie).get(path.format(place=note.place_id, note=note.pk)).content.decode()
    drawn = re.search(r'<svg class="map place-map".*?</svg>', html)
    assert drawn is not None
    assert 'class="map__point"' in drawn[0]
    assert "30.2236" not in html
    assert "120.1172" not in html


def test_a_note_without_a_place_has_no_map(alice, make_note, as_person):
    note = make_note(alice)
    assert b"place-map" not in as_person(alice).get(f"/notes/{note.pk}/").content
