"""Canaries: a note that some may not see is met by none of them, on any way out, warm or cold.

Each kind of hiding (kinds.py) meets each way out (ways.py). Every list is made and every page is
read before the change, and again afterwards: once with no job done yet, once with all of them done.
"""

from __future__ import annotations

import pytest

from accounts.models import User
from community.models import Note, NoteImage
from community.services.writing import NoteContent, edit_note, publish_note
from feeds.remembered import Remembered

from .kinds import FOLLOWER, KINDS, NOWHERE, STRANGER, VIEWERS, VISITOR, WRITER
from .scene import AUTHOR, CITY, SUBSTANCE, change, make_scene, publish
from .ways import (
    CANARY,
    LISTS,
    NOTICES,
    OUTWARD,
    PEOPLE,
    RECOMMENDED,
    SILENT_ABOUT_PUBLIC,
    TEASERS,
    WAYS,
    WORD,
    may_be_seen,
)

pytestmark = pytest.mark.letter("D1")

CHANGED_LATER = [kind for kind in KINDS if kind != "public" and not KINDS[kind].born]


@pytest.fixture
def scene(make_person, make_note, channel, work_off, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.API_RATE = "100000/5m"
    return make_scene(make_person, make_note, channel, work_off)


def pairs(viewers, ways):
    return {(who, way) for who in viewers for way in ways}


def sweep(scene, asked, mark=CANARY):
    """Those of these (viewer, way out) who meet the mark there."""
    ways, met = WAYS | PEOPLE, set()
    for who, way in sorted(asked):
        text = scene.asks(who, ways[way])
        if mark in text or text == "file":
            met.add((who, way))
    return met


def leaks(scene, kind, viewers=VIEWERS, ways=WAYS):
    """Where the note or its author shows though it must not: only that is asked for."""
    forbidden = {(who, way) for who, way in pairs(viewers, ways) if not may_be_seen(kind, who, way)}
    parted = pairs(KINDS[kind].parted, PEOPLE)
    return sweep(scene, forbidden) | sweep(scene, parted, mark=AUTHOR)


def warm_up(scene):
    """Cards, shells and remembered lists are made while the note may still be seen, and browsers
    keep what they may keep."""
    warming = RECOMMENDED | LISTS | OUTWARD
    pages = [way for way, address in warming.items() if "/api/" not in str(address)]
    pages += ["note", "picture file", "video file", "message card"]
    warm = sweep(scene, pairs((FOLLOWER, STRANGER), pages))
    assert len(warm) > len(pages)


# ---------------------------------------------------------------- the sweep
def test_a_public_note_is_met_on_every_way_out(scene):
    """The control: a way out on which even this note does not show would prove nothing below."""
    publish(scene)
    met = sweep(scene, pairs(VIEWERS, WAYS))
    assert pairs(VIEWERS, OUTWARD | TEASERS) <= met
    assert WAYS.keys() - {way for _who, way in met} == SILENT_ABOUT_PUBLIC
    for who in VIEWERS:
        assert len({way for viewer, way in met if viewer == who}) >= 15, who
    people = sweep(scene, pairs(VIEWERS, PEOPLE), mark=AUTHOR)
    assert {way for _who, way in people} == PEOPLE.keys()


@pytest.mark.parametrize("kind", CHANGED_LATER)
def test_nobody_meets_a_note_that_is_not_for_them(scene, kind):
    publish(scene)
    warm_up(scene)
    change(scene, kind)
    assert leaks(scene, kind) == set()
    still = set(KINDS[kind].still)
    assert still - sweep(scene, still) == set()
    scene.work_off()
    assert (
        leaks(scene, kind, (FOLLOWER, STRANGER), RECOMMENDED | LISTS | NOTICES | OUTWARD) == set()
    )
    readers = {who for who in VIEWERS if KINDS[kind].level(who) != NOWHERE}
    assert sweep(scene, pairs(VIEWERS, ["note"])) == pairs(readers, ["note"])
    assert still - sweep(scene, still) == set()


def test_a_draft_is_met_by_its_author_alone(scene):
    scene.work_off()
    assert leaks(scene, "draft") == set()
    own = {"note", "edit", "drafts", "api drafts", "api note", "picture file"}
    assert sweep(scene, pairs([WRITER], own)) == pairs([WRITER], own)


@pytest.mark.parametrize(
    ("visibility", "kind"), [("followers", "followers only"), ("private", "private")]
)
def test_a_note_born_for_some_only_is_met_by_no_other(scene, visibility, kind):
    Note.objects.filter(pk=scene.note.pk).update(visibility=visibility)
    publish_note(author=scene.people[WRITER], note_id=scene.note.pk)
    scene.work_off()
    assert leaks(scene, kind) == set()
    readers = {who for who in VIEWERS if KINDS[kind].level(who) != NOWHERE}
    assert sweep(scene, pairs(VIEWERS, ["note"])) == pairs(readers, ["note"])


def test_what_a_note_said_for_few_is_not_told_to_all_when_it_becomes_public(scene):
    """The former texts of a note were written for whoever could see it then."""
    note, alice = scene.note, scene.people[WRITER]
    Note.objects.filter(pk=note.pk).update(visibility="private")
    publish_note(author=alice, note_id=note.pk)
    mild = NoteContent(title="A bowl", body=SUBSTANCE, channel=scene.content.channel)
    edit_note(author=alice, note_id=note.pk, content=mild)
    NoteImage.objects.filter(note=note).update(alt="")
    told = {"history", "api revisions"}
    assert sweep(scene, pairs([FOLLOWER, STRANGER, VISITOR], told)) == set()
    assert sweep(scene, pairs([WRITER], told)) == pairs([WRITER], told)


@pytest.mark.parametrize("kind", ["private", "hidden by staff", "deleted"])
def test_the_city_of_an_unseen_note_is_offered_to_nobody(scene, kind):
    publish(scene)
    pages = {"/nearby/", f"/nearby/?city={CITY}"}
    shown = {page: scene.viewers[VISITOR].reads(page) for page in pages}
    assert all(CITY in text for text in shown.values())
    change(scene, kind)
    Remembered.forget_everything()  # two minutes later
    for who in (VISITOR, STRANGER):
        assert CITY not in scene.viewers[who].reads("/nearby/")
        assert scene.viewers[who].asks(f"/nearby/?city={CITY}").status_code == 400


def test_a_tag_that_only_unseen_notes_carry_looks_like_a_tag_that_nobody_used(scene):
    publish(scene)
    change(scene, "private")
    for who in (VISITOR, STRANGER):
        browser = scene.viewers[who].browser
        unseen = browser.get(f"/tags/{WORD}{CANARY}/").status_code
        assert unseen == browser.get("/tags/neverused/").status_code


def test_likes_of_a_note_that_one_may_not_see_are_not_told(scene):
    publish(scene)
    change(scene, "private")
    olive = User.objects.get(username="olive")
    browser = type(scene.viewers[STRANGER])(olive).browser
    for act in ("like", "unlike", "collect", "uncollect"):
        answer = browser.post(f"/notes/{scene.note.pk}/{act}/", headers={"HX-Request": "true"})
        assert answer.status_code == 404, act
