"""The canary, everybody at their screens, and each way of taking the note from somebody's sight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db.models import F
from django.utils import timezone

from accounts.guardians import services as guardians
from accounts.models import User
from accounts.privacy import change_privacy
from accounts.services import block_user, follow_user, mute_user, unfollow_user
from community.albums.members import follow_album
from community.albums.pins import pin_note
from community.albums.services import AlbumContent, add_to_album, choose_cover, create_album
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand
from community.messaging.services import Said, write_to
from community.models import Note, NoteImage, NoteVideo, Tag
from community.moderation.deciding import decide_thing
from community.moderation.services import hide_note
from community.moderation.verdicts import Verdict
from community.notifications import preferences
from community.notifications.models import PushSubscription
from community.rules.models import Rule, RuleBook, RuleVersion
from community.services.comments import add_comment
from community.services.covers import choose_second_cover
from community.services.pictures import renditions_path
from community.services.places import find_or_create_place
from community.services.reactions import collect_note, like_comment, like_note
from community.services.sharing import share_note
from community.services.videos import video_path
from community.services.writing import NoteContent, delete_note, edit_note, publish_note, save_draft
from feeds.covers.models import CoverTest
from feeds.discover import build_discover
from feeds.hot import build_hot
from feeds.searches import words
from feeds.topics.models import Topic

from .conftest import Viewer
from .kinds import FOLLOWER, STAFF, STRANGER, VIEWERS, WRITER
from .ways import CANARY, WORD, Way

# In every text of its author.
AUTHOR = "wombatauthor"
# The city of its place.
CITY = "numbatville"
# What a rule holds notes for.
LISTED = "bilbyword"
SUBSTANCE = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again."
)


@dataclass
class Scene:
    """A note of Alice's (a draft at first), another's note with comments, and the viewers."""

    people: dict[str, Any]
    olive: Any
    note: Any
    other: Any
    product: Any
    content: NoteContent
    token: str
    second: str
    video: str
    work_off: Any
    viewers: dict[str, Viewer]
    comment: int = 0
    share: str = "none"
    album: int = 0
    # By person: the conversation in which the note was sent to them.
    talks: dict[Any, int] = field(default_factory=dict)

    def asks(self, who: str, way: Way) -> str:
        """What this viewer reads on this way out, in lower case."""
        viewer = self.viewers[who]
        if not isinstance(way, str):
            return way(self, viewer).casefold()
        address = way.format(
            note=self.note.pk, product=self.product.pk, other=self.other.pk, token=self.token,
            place=self.note.place_id, comment=self.comment, share=self.share, album=self.album,
            second=self.second, video=self.video,
            me=viewer.person.username if viewer.person else "nobody",
        )  # fmt: skip
        return viewer.reads(address).casefold()


# ---------------------------------------------------------------- before
def make_scene(make_person: Any, make_note: Any, channel: Any, work_off: Any) -> Scene:
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
    olive, now = make_person("olive"), timezone.now()
    other = make_note(olive, "Another bowl", tags=[WORD])
    brand = open_brand(owner=olive, slug="leakkiln", page=BrandPage(name=f"{WORD} kiln"), now=now)
    facts = ProductFacts(name=f"{WORD} bowl")
    product = add_product(actor=olive, slug=brand.slug, facts=facts, now=now)
    content = NoteContent(
        products=[product.pk],
        title=f"{CANARY} bowl",
        body=f"{SUBSTANCE} {WORD} {CANARY}. @bob @charlie",
        tags=[WORD, f"{WORD}{CANARY}"],
        channel=channel,
        place=find_or_create_place(
            name=f"{WORD} {CANARY} kiln", city=CITY, latitude=31.231, longitude=121.471
        ),
    )
    note = save_draft(author=alice, content=content)
    image, second = _picture_of(note), _picture_of(note, 1)
    choose_second_cover(author=alice, note_id=note.pk, image_id=second.pk)
    for person in people.values():
        _wants_to_be_told(person)
        follow_user(follower=person, followed=olive)
    return Scene(
        people=people, olive=olive, note=note, other=other, product=product, content=content,
        token=image.token, second=second.token, video=_video_of(note, image).token,
        work_off=work_off, viewers={who: Viewer(people.get(who)) for who in VIEWERS},
    )  # fmt: skip


def _wants_to_be_told(person: Any) -> None:
    """By mail every day, and in a browser."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    preferences.choose(person=person, digest="daily")
    PushSubscription.objects.create(
        person=person, endpoint=f"https://push.example.org/{person.pk}", hashed=str(person.pk),
        created_at=timezone.now(),
    )  # fmt: skip


def _picture_of(note: Any, position: int = 0) -> NoteImage:
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


def _video_of(note: Any, poster: NoteImage) -> NoteVideo:
    """A ready video with one small file, as the worker leaves it. It names the note in its list."""
    file = {"width": 480, "height": 360, "bytes": 3}
    video = NoteVideo.objects.create(
        note=note,
        poster=poster,
        token=f"{CANARY[:3]}video{note.pk}",
        state=NoteVideo.State.READY,
        created_at=timezone.now(),
        renditions=[file | {"filename": name} for name in ("480.mp4", f"{CANARY}.mp4")],
    )
    folder = video_path(video.token)
    folder.mkdir(parents=True)
    (folder / "480.mp4").write_bytes(b"mp4")
    return video


# ---------------------------------------------------------------- out in the world
def publish(scene: Scene) -> None:
    """Public, edited, liked, kept, shared, sent on and talked about; every list made."""
    note, alice, people = scene.note, scene.people[WRITER], scene.people
    publish_note(author=alice, note_id=note.pk)
    edit_note(author=alice, note_id=note.pk, content=scene.content)
    for who in (FOLLOWER, STRANGER, STAFF):
        like_note(person=people[who], note_id=note.pk)
        collect_note(person=people[who], note_id=note.pk)
    comment = add_comment(
        author=people[FOLLOWER], note_id=note.pk, body=f"I was there too: {CANARY}"
    )
    scene.comment = comment.pk
    add_comment(author=people[STRANGER], note_id=note.pk, body=f"{CANARY}!", reply_to=comment.pk)
    add_comment(author=alice, note_id=note.pk, body=f"{CANARY}?", reply_to=comment.pk)
    like_comment(person=alice, comment_id=comment.pk)
    add_comment(author=alice, note_id=scene.other.pk, body="Lovely, olive")
    _put_into_an_album(scene)
    pin_note(person=alice, note_id=note.pk)
    scene.share = share_note(person=people[FOLLOWER], note_id=note.pk).token
    for person in people.values():
        said = Said(body="Look at this", note_id=note.pk)
        sent = write_to(sender=scene.olive, username=person.username, said=said)
        scene.talks[person.pk] = sent.conversation_id
    scene.work_off()
    _make_every_list(scene)


def _put_into_an_album(scene: Scene) -> None:
    album = create_album(owner=scene.olive, content=AlbumContent(title="Bowls of others"))
    for who in (FOLLOWER, STRANGER, STAFF):
        follow_album(person=scene.people[who], album_id=album.pk)
    add_to_album(actor=scene.olive, album_id=album.pk, note_id=scene.note.pk)
    choose_cover(actor=scene.olive, album_id=album.pk, note_id=scene.note.pk)
    scene.album = album.pk


def _make_every_list(scene: Scene) -> None:
    now = timezone.now()
    assert CoverTest.objects.get().state == "running"
    build_hot(now=now)
    for person in (None, *scene.people.values()):
        build_discover(person.pk if person else None, now=now)
    words.build(now=now)
    topic = Topic.objects.create(
        name_en="Leak", name_zh="Leak", slug="leak", source=f"tag:{WORD}", state="open",
        proposed_at=now,
    )  # fmt: skip
    topic.tags.set(Tag.objects.filter(key=WORD))


# ---------------------------------------------------------------- out of sight
def change(scene: Scene, kind: str) -> None:
    """What somebody does so that the note, public until now, is kept from others."""
    {
        "private": lambda: _edit(scene, visibility="private"),
        "followers only": lambda: _edit(scene, visibility="followers"),
        "follower left": lambda: _the_follower_leaves(scene),
        "author blocked them": lambda: _each(scene, _alice_blocks),
        "they blocked the author": lambda: _each(scene, _blocks_alice),
        "they muted the author": lambda: _each(scene, _mutes_alice),
        "held": lambda: _a_rule_holds_it(scene),
        "hidden by staff": lambda: hide_note(
            moderator=scene.people[STAFF], note_id=scene.note.pk, reason="Not here, please"
        ),
        "limited": lambda: decide_thing(
            by=scene.people[STAFF],
            kind="note",
            pk=scene.note.pk,
            verdict=Verdict(act="limit", words="Less of this"),
        ),
        "author left discovery": lambda: change_privacy(
            person=scene.people[WRITER], discoverable=False
        ),
        "deleted": lambda: delete_note(author=scene.people[WRITER], note_id=scene.note.pk),
        "author suspended": lambda: User.objects.filter(pk=scene.note.author_id).update(
            is_active=False
        ),
        "teen mode": lambda: _somebody_looks_after_the_author(scene),
    }[kind]()


def _edit(scene: Scene, **fields: Any) -> None:
    edit_note(
        author=scene.people[WRITER], note_id=scene.note.pk, content=content_with(scene, **fields)
    )


def content_with(scene: Scene, **fields: Any) -> NoteContent:
    return NoteContent(**{**vars(scene.content), **fields})


def _the_follower_leaves(scene: Scene) -> None:
    _edit(scene, visibility="followers")
    unfollow_user(follower=scene.people[FOLLOWER], followed=scene.people[WRITER])


def _each(scene: Scene, act: Any) -> None:
    for who in (STRANGER, FOLLOWER):
        act(scene.people[who], scene.people[WRITER])


def _alice_blocks(person: Any, alice: Any) -> None:
    block_user(blocker=alice, blocked=person)


def _blocks_alice(person: Any, alice: Any) -> None:
    block_user(blocker=person, blocked=alice)


def _mutes_alice(person: Any, alice: Any) -> None:
    mute_user(muter=person, muted=alice)


def _a_rule_holds_it(scene: Scene) -> None:
    now = timezone.now()
    rule = Rule.objects.create(name="Listed words", kind="words", created_at=now)
    RuleVersion.objects.create(
        rule=rule, number=1, state="live", act="hold", places=["note"], since=now,
        settings={"words": [[LISTED, False, False]], "exceptions": []},
    )  # fmt: skip
    RuleBook.objects.update_or_create(pk=1, defaults={"number": 1})
    RuleBook.objects.update(number=F("number") + 1)
    _edit(scene, body=f"{scene.content.body} {LISTED}")
    assert Note.objects.get(pk=scene.note.pk).hidden_at is not None


def _somebody_looks_after_the_author(scene: Scene) -> None:
    now = timezone.now()
    code = guardians.make_code(teen=scene.people[WRITER], now=now).code
    guardians.accept(guardian=scene.olive, code=code, now=now)
    # The whole day, so that it matters not when this runs.
    guardians.set_rules(
        guardian=scene.olive, teen_id=scene.note.author_id, opens=now.time(), closes=now.time(),
        now=now,
    )  # fmt: skip
