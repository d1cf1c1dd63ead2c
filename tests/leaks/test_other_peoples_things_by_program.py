"""Every operation of the interface that names a thing, asked with other people's things by a
stranger's program that may do everything: 403 or 404 before the body is looked at, nothing changed.

The operations come from the schema, so a new one is in the sweep from its first day; one whose
thing is not known here fails it.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.api.scope_table import operations_in
from feeds.topics.models import Topic
from tests.rows import changed, contents

from .conftest import Viewer

pytestmark = pytest.mark.letter("D2")

OPERATIONS = {
    name: (method, address)
    for _scope, method, address, name in operations_in(
        SchemaGenerator().get_schema(request=None, public=True)
    )
    if "{" in address
}
NONSENSE = '{"no such field": ["of any kind"]}'
# Taking back what one never did is answered kindly: it changes nothing and tells nothing.
TAKES_BACK = {
    "unlike_note", "uncollect_note", "unshare_note", "unlike_comment", "unfollow_person",
    "unblock_person", "unmute_person", "delete_token", "unfollow_album", "unmute_comments",
    "withdraw_report_of_note", "withdraw_report_of_comment", "withdraw_report_of_person",
    "remove_reaction", "leave_album",
}  # fmt: skip
# A brand and what it makes have a page for everybody.
FOR_EVERYBODY = {"get_brand", "get_product"}
REFUSED = {401, 403, 404}
# Nobody's things: there is no owner who would be let in.
NOBODYS = {"channels/slug", "topics/slug", "tags/key", "places/place_id", "campaigns/slug"}
# Not there before the note is in a pool.
LATER = {"get_pool"}


def values(things, note):
    """The value of each name in an address, by the word before it."""
    return {
        "albums/album_id": things.album.pk,
        "notes/note_id": note.pk,
        "pictures/picture_id": things.image.pk,
        "comments/comment_id": things.comment.pk,
        "people/username": things.dora.username,
        "members/username": things.erin.username,
        "boosts/boost_id": things.boost.pk,
        "brands/slug": things.brand.slug,
        "products/product_id": things.product.pk,
        "campaigns/slug": things.campaign.slug,
        "campaigns/campaign_id": things.campaign.pk,
        "collaborations/id": things.deal.pk,
        "conversations/conversation_id": things.group.pk,
        "messages/message_id": things.message.pk,
        "archives/archive_id": things.archive.pk,
        "brand-invitations/invitation_id": things.invitation.pk,
        "decisions/decision_id": things.ruling.pk,
        "reports/report_id": things.report.pk,
        "push/subscription_id": things.browser.pk,
        "tokens/prefix": things.token_key,
        "webhooks/id": things.endpoint.pk,
        "deliveries/delivery_id": things.delivery.pk,
        "channels/slug": "no-such-channel",
        "topics/slug": "proposed",
        "tags/key": "no-such-tag",
        "places/place_id": 999_999,
        "collaborations/name": "withdraw",
    }


def asked(address):
    """("notes/note_id", ...): each name in an address with the word before it."""
    steps = [step for step in address.split("/") if step]
    named = [(before, step) for before, step in pairwise(steps)]
    return [
        f"{'collaborations' if before.startswith('{') else before}/{step.strip('{}')}"
        for before, step in named
        if step.startswith("{")
    ]


def filled(address, things, note):
    known = values(things, note)
    if "/products/" in address:
        known["pictures/picture_id"] = things.picture.pk
    for name in asked(address):
        assert name in known, f"teach this sweep what {name!r} of {address} is"
        address = re.sub(r"\{[^}]+\}", str(known[name]), address, count=1)
    return address


def ask(program, name, things, note=None):
    method, address = OPERATIONS[name]
    path = filled(address, things, note or things.draft)
    return program.generic(method, path, NONSENSE, "application/json")


@pytest.fixture
def no_limits(settings):
    settings.API_RATE = settings.UPLOAD_RATE = "100000/1s"


def somebodys():
    return {
        name
        for name, (_method, address) in OPERATIONS.items()
        if asked(address)[-1] not in NOBODYS - {"campaigns/slug"}
    }


def test_a_strangers_program_gets_nowhere_with_other_peoples_things(things, charlie, no_limits):
    Topic.objects.create(slug="proposed", source="tag:proposed", proposed_at=timezone.now())
    program, before = Viewer(charlie).program, contents()
    let_in = {}
    for name in sorted(somebodys() - FOR_EVERYBODY):
        answer = ask(program, name, things)
        kindly = name in TAKES_BACK and answer.status_code == 204
        if answer.status_code not in (403, 404) and not kindly:
            let_in[name] = (answer.status_code, answer.content[:200])
        assert answer.status_code != 403 or answer.json()["code"] != "scope_missing", name
    assert let_in == {}
    assert changed(before, contents()).keys() <= {"accounts.TokenName"}


def test_a_visitors_program_changes_nothing(things, no_limits):
    before = contents()
    for name, (method, _address) in sorted(OPERATIONS.items()):
        if method != "GET":
            assert ask(Viewer().program, name, things).status_code == 401, name
    assert changed(before, contents()) == {}


def test_the_same_addresses_lead_their_owners_somewhere(things, alice, no_limits):
    """The control: what is refused above is there."""
    lost = [
        name
        for name, (_method, address) in sorted(OPERATIONS.items())
        if NOBODYS.isdisjoint(asked(address))
        and name not in TAKES_BACK | LATER
        and all(_status_undone(*tried, name, things) in REFUSED for tried in tries(things, alice))
    ]
    assert lost == []


def tries(things, alice):
    """Owners and who was asked, and notes in each state: somebody may do it with one of them."""
    for person in (alice, things.dora, things.erin):
        for note in (things.draft, things.public):
            yield person, note


def _status_undone(person, note, name, things):
    with transaction.atomic():
        status = ask(Viewer(person).program, name, things, note).status_code
        transaction.set_rollback(True)
    return status
