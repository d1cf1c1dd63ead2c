"""Canaries: a note that some may not see is met by none of them, on any way out, warm or cold.

Every list is made and every page is read before the change (a follow ends, staff hides, the author
blocks ...), and again afterwards: once with no job done yet, once with all of them done. What each
viewer may see is written down here from the product's rules and shares nothing with the code.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import User
from accounts.services import block_user, follow_user, mute_user, unfollow_user
from community.models import Note, NoteImage
from community.moderation.services import hide_note
from community.services.comments import add_comment
from community.services.covers import choose_second_cover
from community.services.pictures import renditions_path
from community.services.places import find_or_create_place
from community.services.reactions import collect_note, like_comment, like_note
from community.services.sharing import share_note
from community.services.writing import NoteContent, delete_note, edit_note, publish_note, save_draft
from feeds.covers.models import CoverTest
from feeds.discover import build_discover
from feeds.hot import build_hot
from feeds.remembered import Remembered

# In every text of the note, and in no address or query of the sweep.
CANARY = "zyxquokka"
# In every text of its author.
AUTHOR = "wombatauthor"
# The city of its place.
CITY = "numbatville"
# What one looks for to find the note: echoed by pages, so it proves nothing.
WORD = "lookforthis"
HERE = "lat=31.23&lon=121.47"
SUBSTANCE = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again."
)

VISITOR, STRANGER, FOLLOWER, STAFF, WRITER = "visitor", "stranger", "follower", "staff", "author"
VIEWERS = (VISITOR, STRANGER, FOLLOWER, STAFF, WRITER)
NOWHERE, ITS_PAGE, EVERYWHERE = "nowhere", "on its page", "everywhere"

# ---------------------------------------------------------------- the rules of the product
ONLY_AUTHOR = {WRITER: EVERYWHERE}
APART = {VISITOR: EVERYWHERE, STAFF: EVERYWHERE, WRITER: EVERYWHERE}
RULES = {
    "public": dict.fromkeys(VIEWERS, EVERYWHERE),
    "draft": {WRITER: ITS_PAGE},
    "followers only": {FOLLOWER: EVERYWHERE, WRITER: EVERYWHERE},
    "private": ONLY_AUTHOR,
    # Its author is told why and can still read it; staff looks at it in the admin.
    "hidden by staff": {WRITER: ITS_PAGE},
    "deleted": {},
    "author blocked them": APART,
    "they blocked the author": APART,
    "they muted the author": APART | {STRANGER: ITS_PAGE, FOLLOWER: ITS_PAGE},
    "author suspended": {},
    "follower left": ONLY_AUTHOR,
}
# Between whom not even the author's name is met. The parted keep it on their own list of blocks.
PARTED = {
    "author blocked them": {STRANGER, FOLLOWER},
    "they blocked the author": {STRANGER, FOLLOWER},
    "author suspended": set(VIEWERS),
}


def may_see(state: str, who: str) -> str:
    return RULES[state].get(who, NOWHERE)


# ---------------------------------------------------------------- the ways out
LISTS = {
    "discover": "/",
    "follow": "/follow/",
    "nearby": f"/nearby/?{HERE}",
    "nearby by distance": f"/nearby/?{HERE}&order=distance",
    "hot": "/hot/",
    "hot of a channel": "/hot/?channel=pottery",
    "channel": "/channels/pottery/",
    "channel above": "/channels/craft/",
    "tag": f"/tags/{WORD}/",
    "place": "/places/{place}/",
    "profile": "/people/alice/",
    "liked shelf": "/people/{me}/?shelf=liked",
    "collected shelf": "/people/{me}/?shelf=collected",
    "related": "/notes/{other}/related/",
    "search": f"/search/?q={WORD}",
    "search for tags": f"/search/?q={WORD}&tab=tags",
    "search for places": f"/search/?q={WORD}&tab=places",
    "search begins": "/search/",
    "tags suggested": f"/suggest/tags/?q={WORD}",
    "places suggested": f"/suggest/places/?q={WORD}",
    "api discover": "/api/v1/feeds/discover/",
    "api follow": "/api/v1/feeds/follow/",
    "api nearby": f"/api/v1/feeds/nearby/?{HERE}",
    "api hot": "/api/v1/feeds/hot/",
    "api channel": "/api/v1/channels/pottery/feed/",
    "api tag": f"/api/v1/tags/{WORD}/notes/",
    "api place": "/api/v1/places/{place}/notes/",
    "api notes": "/api/v1/notes/?channel=pottery",
    "api notes of person": "/api/v1/people/alice/notes/",
    "api liked": "/api/v1/me/liked/",
    "api collected": "/api/v1/me/collected/",
    "api search": f"/api/v1/search/?q={WORD}",
    "api search for tags": f"/api/v1/search/?type=tags&q={WORD}",
    "api search for places": f"/api/v1/search/?type=places&q={WORD}",
    "api places": f"/api/v1/places/?q={WORD}",
}
NOTICES = {"notifications": "/notifications/", "api notifications": "/api/v1/notifications/"}
PAGES = {
    "note": "/notes/{note}/",
    "history": "/notes/{note}/history/",
    "comments": "/notes/{note}/comments/",
    "thread": "/comments/{comment}/",
    "pictures": "/notes/{note}/pictures/",
    "related of it": "/notes/{note}/related/",
    "menu of its card": "/notes/{note}/menu/",
    "pool": "/notes/{note}/pool/",
    "edit": "/notes/{note}/edit/",
    "delete": "/notes/{note}/delete/",
    "share": "/notes/{note}/share/",
    "share link": "/s/{share}/",
    "drafts": "/drafts/",
    "picture file": "/media/notes/{token}/480.jpeg",
    "second cover's file": "/media/notes/{second}/480.jpeg",
    "api note": "/api/v1/notes/{note}/",
    "api revisions": "/api/v1/notes/{note}/revisions/",
    "api pictures": "/api/v1/notes/{note}/pictures/",
    "api comments": "/api/v1/notes/{note}/comments/",
    "api drafts": "/api/v1/me/drafts/",
    "api pool": "/api/v1/notes/{note}/pool/",
}
PEOPLE = {
    "person": "/people/alice/",
    "search for people": "/search/?q=alice&tab=people",
    "api person": "/api/v1/people/alice/",
    "api search for people": "/api/v1/search/?type=people&q=alice",
    "api following": "/api/v1/people/bob/following/",
}
# Ways out that only say something of drafts, of numbers, or of what no public note has.
SILENT_ABOUT_PUBLIC = {"drafts", "api drafts"}


def shown(state: str, who: str, way: str) -> bool:
    """Whether this way out may mention the note to this viewer."""
    level = may_see(state, who)
    if way in LISTS:
        return level == EVERYWHERE
    # A notice of somebody else's answer under a muted person's note is no list of that person's.
    return level != NOWHERE


# ---------------------------------------------------------------- the scene
@pytest.fixture
def scene(make_person, make_note, channel, viewer, work_off):
    """The canary (a draft), another's note with comments, and everybody at their screens."""
    alice = make_person("alice", display_name=f"{AUTHOR} Alice", latitude=31.23, longitude=121.47)
    people = {
        WRITER: alice,
        FOLLOWER: make_person("bob"),
        STRANGER: make_person("charlie"),
        STAFF: make_person("steph"),
    }
    people[STAFF].is_staff = True
    people[STAFF].save()
    people[STAFF].user_permissions.add(Permission.objects.get(codename="add_decision"))
    follow_user(follower=people[FOLLOWER], followed=alice)
    other = make_note(make_person("olive"), "Another bowl", tags=[WORD])
    content = NoteContent(
        title=f"{CANARY} bowl",
        body=f"{SUBSTANCE} {WORD} {CANARY}. @bob @charlie",
        tags=[WORD, f"{WORD}{CANARY}"],
        channel=channel,
        place=find_or_create_place(
            name=f"{WORD} {CANARY} kiln", city=CITY, latitude=31.231, longitude=121.471
        ),
    )
    note = save_draft(author=alice, content=content)
    image, second = picture_of(note), picture_of(note, 1)
    choose_second_cover(author=alice, note_id=note.pk, image_id=second.pk)
    viewers = {who: viewer(people.get(who)) for who in VIEWERS}
    scene = SimpleNamespace(
        people=people, note=note, other=other, content=content, token=image.token, viewers=viewers
    )
    scene.second = second.token
    scene.comment, scene.share, scene.work_off = SimpleNamespace(pk=0), "none", work_off
    return scene


def picture_of(note, position=0):
    """A ready picture with one small file, as the media worker leaves it."""
    image = NoteImage.objects.create(
        note=note,
        position=position,
        token=f"{CANARY[:3]}token{note.pk}x{position}",
        alt=f"{CANARY} seen from above",
        state=NoteImage.State.READY,
        created_at=timezone.now(),
        width=480,
        height=360,
        renditions=[
            {"width": 480, "height": 360, "format": "jpeg", "filename": "480.jpeg", "bytes": 3}
        ],
    )
    folder = renditions_path(image.token)
    folder.mkdir(parents=True)
    (folder / "480.jpeg").write_bytes(b"jpg")
    return image


def publish(scene):
    """Public, edited, liked, kept, shared and talked about; every list made."""
    note, alice, people = scene.note, scene.people[WRITER], scene.people
    publish_note(author=alice, note_id=note.pk)
    edit_note(author=alice, note_id=note.pk, content=scene.content)
    for who in (FOLLOWER, STRANGER, STAFF):
        like_note(person=people[who], note_id=note.pk)
        collect_note(person=people[who], note_id=note.pk)
    scene.comment = add_comment(
        author=people[FOLLOWER], note_id=note.pk, body=f"I was there too: {CANARY}"
    )
    add_comment(
        author=people[STRANGER], note_id=note.pk, body=f"{CANARY}!", reply_to=scene.comment.pk
    )
    add_comment(author=alice, note_id=note.pk, body=f"{CANARY}?", reply_to=scene.comment.pk)
    like_comment(person=alice, comment_id=scene.comment.pk)
    add_comment(author=alice, note_id=scene.other.pk, body="Lovely, olive")
    scene.share = share_note(person=people[FOLLOWER], note_id=note.pk).token
    scene.work_off()
    now = timezone.now()
    assert CoverTest.objects.get().state == "running"
    build_hot(now=now)
    for person in (None, *people.values()):
        build_discover(person.pk if person else None, now=now)


def change(scene, state):
    note, alice = scene.note, scene.people[WRITER]
    stranger, follower = scene.people[STRANGER], scene.people[FOLLOWER]
    if state in ("followers only", "private", "follower left"):
        visibility = "private" if state == "private" else "followers"
        content = NoteContent(**{**vars_of(scene.content), "visibility": visibility})
        edit_note(author=alice, note_id=note.pk, content=content)
    if state == "follower left":
        unfollow_user(follower=follower, followed=alice)
    elif state == "hidden by staff":
        hide_note(moderator=scene.people[STAFF], note_id=note.pk, reason="Not here, please")
    elif state == "deleted":
        delete_note(author=alice, note_id=note.pk)
    elif state == "author suspended":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    for person in (stranger, follower):
        if state == "author blocked them":
            block_user(blocker=alice, blocked=person)
        elif state == "they blocked the author":
            block_user(blocker=person, blocked=alice)
        elif state == "they muted the author":
            mute_user(muter=person, muted=alice)


def vars_of(content):
    return {name: getattr(content, name) for name in content.__dataclass_fields__}


def sweep(scene, asked, mark=CANARY):
    """Those of these (viewer, way out) whose answer the mark stands in."""
    met = set()
    for who, way in asked:
        viewer = scene.viewers[who]
        address = EVERY_WAY[way].format(
            note=scene.note.pk,
            other=scene.other.pk,
            place=scene.note.place_id,
            comment=scene.comment.pk,
            share=scene.share,
            token=scene.token,
            second=scene.second,
            me=viewer.person.username if viewer.person else "nobody",
        )
        text = viewer.reads(address).casefold()
        if mark in text or text == "file":
            met.add((who, way))
    return met


EVERY_WAY = LISTS | NOTICES | PAGES | PEOPLE


def pairs(viewers, ways):
    return {(who, way) for who in viewers for way in ways}


def leaks(scene, state, viewers=VIEWERS, ways=LISTS | NOTICES | PAGES):
    """Where the note or its author shows though it must not: only that is asked for."""
    forbidden = {(who, way) for who, way in pairs(viewers, ways) if not shown(state, who, way)}
    parted = pairs(PARTED.get(state, ()), PEOPLE)
    return sweep(scene, forbidden) | sweep(scene, parted, mark=AUTHOR)


def warm_up(scene):
    """Cards, shells and remembered lists are made while the note may still be seen."""
    pages = [way for way, address in LISTS.items() if not address.startswith("/api/")]
    warm = sweep(scene, pairs((FOLLOWER, STRANGER), pages))
    assert len(warm) > len(pages)


# ---------------------------------------------------------------- the sweep
def test_a_public_note_is_met_on_every_way_out(scene):
    """The control: a way out on which even this note does not show would prove nothing below."""
    publish(scene)
    ways = LISTS | NOTICES | PAGES
    met = sweep(scene, pairs(VIEWERS, ways))
    assert {way for _who, way in met} == ways.keys() - SILENT_ABOUT_PUBLIC
    for who in VIEWERS:
        assert len({way for viewer, way in met if viewer == who}) >= 15, who
    people = sweep(scene, pairs(VIEWERS, PEOPLE), mark=AUTHOR)
    assert {way for _who, way in people} == PEOPLE.keys()
    head = scene.viewers[VISITOR].reads(f"/notes/{scene.note.pk}/").split("</head>")[0]
    assert "og:title" in head
    assert CANARY in head


@pytest.mark.parametrize("state", [state for state in RULES if state not in ("public", "draft")])
def test_nobody_meets_a_note_that_is_not_for_them(scene, state):
    publish(scene)
    warm_up(scene)
    change(scene, state)
    assert leaks(scene, state) == set()
    scene.work_off()
    assert leaks(scene, state, (FOLLOWER, STRANGER), LISTS | NOTICES) == set()
    readers = {who for who in VIEWERS if may_see(state, who) != NOWHERE}
    assert sweep(scene, pairs(VIEWERS, ["note"])) == pairs(readers, ["note"])


def test_a_draft_is_met_by_its_author_alone(scene):
    scene.work_off()
    assert leaks(scene, "draft") == set()
    own = {"note", "edit", "drafts", "api drafts", "api note", "picture file"}
    assert sweep(scene, pairs([WRITER], own)) == pairs([WRITER], own)


@pytest.mark.parametrize(
    ("visibility", "state"), [("followers", "followers only"), ("private", "private")]
)
def test_a_note_born_for_some_only_is_met_by_no_other(scene, visibility, state):
    Note.objects.filter(pk=scene.note.pk).update(visibility=visibility)
    publish_note(author=scene.people[WRITER], note_id=scene.note.pk)
    scene.work_off()
    assert leaks(scene, state) == set()
    readers = {who for who in VIEWERS if may_see(state, who) != NOWHERE}
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


@pytest.mark.parametrize("state", ["private", "hidden by staff", "deleted"])
def test_the_city_of_an_unseen_note_is_offered_to_nobody(scene, state):
    publish(scene)
    pages = {"/nearby/", f"/nearby/?city={CITY}"}
    shown = {page: scene.viewers[VISITOR].reads(page) for page in pages}
    assert all(CITY in text for text in shown.values())
    change(scene, state)
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
