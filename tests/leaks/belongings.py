"""One of each thing that belongs to somebody: what the sweeps try to reach as somebody else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone
from knox.models import AuthToken

from accounts.entry.models import Invitation
from accounts.guardians.models import Guardianship
from accounts.programs.services import register_program
from accounts.safety.models import SignIn
from accounts.services import block_user, follow_user
from community.albums.members import answer_invitation
from community.albums.members import invite as invite_to_album
from community.albums.services import AlbumContent, add_to_album, create_album
from community.archives.models import Archive, Intake
from community.brands.models import Member, Picture
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand
from community.brands.team import invite
from community.messaging.groups import make_group
from community.messaging.services import Said, write_to
from community.models import NoteImage, NoteVideo
from community.moderation.models import Decision
from community.moderation.reports import report_note
from community.notifications.models import Notification, PushSubscription
from community.services.comments import add_comment
from community.services.pictures import upload_path
from community.services.sharing import share_note
from community.webhooks.models import Delivery
from community.webhooks.services import add_endpoint
from feeds.boosts.models import Boost
from feeds.campaigns.models import Campaign
from feeds.collaborations.models import Collaboration


def belongings(alice: Any, charlie: Any, make_person: Any, make_note: Any) -> SimpleNamespace:
    """What is Alice's: a draft with a picture, a note for followers, a public one, a comment, and
    one of everything else that somebody can own."""
    dora, erin = make_person("dora"), make_person("erin")
    block_user(blocker=dora, blocked=charlie)
    draft = make_note(alice, "Not yet", publish=False)
    image = NoteImage.objects.create(
        note=draft, position=0, token="drafttoken", state="ready", created_at=timezone.now(),
        renditions=[{"filename": "480.jpeg", "format": "jpeg", "width": 480, "height": 360}],
    )  # fmt: skip
    NoteVideo.objects.create(
        note=draft,
        poster=image,
        token="drafvideo",
        state="ready",
        created_at=timezone.now(),
        renditions=[{"filename": "480.mp4", "width": 480, "height": 360, "bytes": 3}],
    )
    for_followers = make_note(alice, "For friends", visibility="followers")
    public = make_note(alice, "For all")
    hers = add_comment(author=alice, note_id=for_followers.pk, body="Between us")
    report = report_note(reporter=dora, note_id=public.pk, reason="spam")
    ruling = Decision.objects.create(
        note=public, about="note", author=alice, act="warn", reason="Kindly",
        decided_at=timezone.now(),
    )  # fmt: skip
    share = share_note(person=alice, note_id=for_followers.pk)
    album = create_album(owner=alice, content=AlbumContent(title="Mine", visibility="private"))
    add_to_album(actor=alice, album_id=album.pk, note_id=public.pk)
    invite_to_album(actor=alice, album_id=album.pk, username="dora")
    invite_to_album(actor=alice, album_id=album.pk, username="erin")
    answer_invitation(person=erin, album_id=album.pk, accept=True)
    token, _secret = AuthToken.objects.create(dora)
    upload_path(image.token).parent.mkdir(parents=True)
    now = timezone.now()
    Intake.objects.create(person=alice, token="herintake", asked_at=now)
    archive = Archive.objects.create(
        person=alice, token="herarchive", state="ready", asked_at=now, ready_at=now,
        expires_at=now + timedelta(days=7),
    )  # fmt: skip
    endpoint = add_endpoint(
        person=alice, url="https://example.org/x", kinds=["pool.settled"], now=now
    )
    delivery = Delivery.objects.create(
        endpoint=endpoint, event=uuid4(), kind="pool.settled", body="{}", created_at=now, due_at=now
    )
    boost = Boost.objects.create(
        buyer=alice, note=public, title="For all", state="draft", impressions=100, zone="UTC",
        starts_at=now, ends_at=now + timedelta(days=1), created_at=now,
    )  # fmt: skip
    page = BrandPage(name="Alice's Kiln")
    brand = open_brand(owner=alice, slug="alicekiln", page=page, now=now)
    facts = ProductFacts(name="Bowl")
    product = add_product(actor=alice, slug=brand.slug, facts=facts, now=now)
    picture = Picture.objects.create(
        brand=brand, product=product, token="bowltoken", state="ready", created_at=now
    )
    program = register_program(
        owner=alice, name="Hers", addresses="https://a.example/", keeps_secret=False, now=now
    ).program
    asked = invite(actor=alice, slug=brand.slug, username="dora", role="editor", now=now)
    Member.objects.create(brand=brand, person=erin, role="editor", joined_at=now)
    deal = Collaboration.objects.create(
        brand=brand, creator=dora, payer=alice, title="Bowls", brief="A note", price=100,
        draft_by=now.date(), state="offered", created_at=now,
    )  # fmt: skip
    place = SignIn.objects.create(person=alice, session_key="hers", created_at=now, seen_at=now)
    campaign = Campaign.objects.create(
        brand=brand, slug="bowls", title="Bowls", about="Show yours", state="draft",
        starts_at=now, ends_at=now + timedelta(days=1), created_at=now,
    )  # fmt: skip
    follow_user(follower=erin, followed=alice)
    group = make_group(maker=alice, title="We three", usernames=["erin", "dora"])
    message = write_to(sender=alice, username="dora", said=Said(body="Between two"))
    told = Notification.objects.create(person=alice, kind="follow", actor=dora, created_at=now)
    browser = PushSubscription.objects.create(
        person=alice, endpoint="https://push.example.org/1", hashed="1", created_at=now
    )
    return SimpleNamespace(
        own_invitation=Invitation.objects.create(made_by=alice),
        report=report, ruling=ruling, archive=archive, delivery=delivery,
        message=message, group=group,
        sign_in=place,
        teen=make_teen(make_person, alice, now),
        notice=told, browser=browser,
        campaign=campaign, brand=brand, product=product, picture=picture, invitation=asked,
        draft=draft, image=image, for_followers=for_followers, public=public, comment=hers,
        album=album, share=share, dora=dora, erin=erin, token_key=token.token_key,
        endpoint=endpoint, boost=boost, deal=deal, program=program,
    )  # fmt: skip


def make_teen(make_person: Any, guardian: Any, now: Any) -> Any:
    """Somebody whom Alice looks after."""
    teen = make_person("teenie")
    Guardianship.objects.create(teen=teen, guardian=guardian, since=now)
    return teen
