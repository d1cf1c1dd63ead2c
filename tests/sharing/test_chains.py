"""Links from hand to hand: who came by whose is counted, and nobody is shown to anybody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import block_user, follow_user
from community.models import Arrival, Note, Share
from community.services.sharing import (
    arrive,
    brought_by,
    settle_arrivals,
    share_note,
    spread_of,
    unshare_note,
)
from community.services.writing import delete_note


@pytest.fixture
def note(alice, make_note):
    return make_note(alice, "A bowl")


def came(share, person=None):
    return arrive(share=share, person=person, now=timezone.now())


def test_a_chain_of_three_hands(alice, bob, charlie, make_person, note):
    dora = make_person("dora")
    first = share_note(person=alice, note_id=note.pk)
    assert came(first, bob)
    second = share_note(person=bob, note_id=note.pk)
    assert came(second, charlie)
    third = share_note(person=charlie, note_id=note.pk)
    assert came(third, dora)
    assert came(third)
    assert [share.depth for share in (first, second, third)] == [1, 2, 3]
    spread = spread_of(note)
    assert (spread.links, spread.visits, spread.longest) == (3, 4, 3)
    assert [(h.depth, h.links, h.visits) for h in spread.hands] == [(1, 1, 1), (2, 1, 1), (3, 1, 2)]
    first.refresh_from_db()
    assert (brought_by(first).links, brought_by(first).visits) == (2, 4)


def test_a_person_counts_once_a_note_for_the_link_they_came_by_first(alice, bob, charlie, note):
    first, second = (share_note(person=p, note_id=note.pk) for p in (alice, bob))
    assert came(first, charlie)
    assert not came(first, charlie)
    assert not came(second, charlie)
    assert Arrival.objects.get(person=charlie).share == first


def test_ones_own_link_counts_for_nobody_and_makes_no_circle(alice, bob, note):
    mine = share_note(person=alice, note_id=note.pk)
    assert not came(mine, alice)
    came(mine, bob)
    theirs = share_note(person=bob, note_id=note.pk)
    came(theirs, alice)
    assert share_note(person=alice, note_id=note.pk).via is None
    assert brought_by(mine).links == 1


def test_a_withdrawn_link_breaks_no_chain_behind_it(alice, bob, charlie, note):
    came(share_note(person=alice, note_id=note.pk), bob)
    came(share_note(person=bob, note_id=note.pk), charlie)
    share_note(person=charlie, note_id=note.pk)
    assert unshare_note(person=bob, note_id=note.pk)
    assert [hand.depth for hand in spread_of(note).hands] == [1, 3]


def test_a_new_account_is_credited_once_to_the_newest_link(
    alice, bob, make_person, note, make_note
):
    other = make_note(alice, "A cup")
    older, newer = (share_note(person=bob, note_id=n.pk) for n in (note, other))
    new = make_person("newcomer")
    tokens = [older.token, newer.token, "unknown-token"]
    for _time in range(2):
        settle_arrivals(person=new, tokens=tokens, signed_up=True, now=timezone.now())
    assert list(Share.objects.order_by("pk").values_list("signups", flat=True)) == [0, 1]
    assert Arrival.objects.filter(person=new).count() == 2


def test_two_links_to_one_note_still_credit_the_sign_up(alice, bob, make_person, note):
    links = [share_note(person=person, note_id=note.pk) for person in (alice, bob)]
    new = make_person("newcomer")
    tokens = [link.token for link in links]
    settle_arrivals(person=new, tokens=tokens, signed_up=True, now=timezone.now())
    assert sum(Share.objects.values_list("signups", flat=True)) == 1


# ---------------------------------------------------------------- over HTTP
def link_of(share):
    return f"/s/{share.token}/"


def test_a_visitor_counts_once_a_device_and_signs_up(alice, note, client):
    share = share_note(person=alice, note_id=note.pk)
    for _time in range(3):
        assert client.get(link_of(share)).status_code == 302
    share.refresh_from_db()
    assert share.visits == 1
    answer = client.post(
        "/account/signup/",
        {"email": "new@example.org", "username": "newcomer", "password1": "tide-and-rock-9"},
    )
    assert answer.status_code == 302
    share.refresh_from_db()
    assert (share.visits, share.signups) == (1, 1)
    new = User.objects.get(username="newcomer")
    assert share_note(person=new, note_id=note.pk).depth == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Twitterbot/1.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "WhatsApp/2.23"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_previews_and_prefetches_are_nobodys_visit(alice, note, headers):
    share = share_note(person=alice, note_id=note.pk)
    Client(headers=headers).get(link_of(share))
    Client().head(link_of(share))
    share.refresh_from_db()
    assert share.visits == 0
    Client(headers={"User-Agent": "Mozilla/5.0 (iPhone)"}).get(link_of(share))
    share.refresh_from_db()
    assert share.visits == 1


@pytest.mark.parametrize("cookie", ["", "nonsense", "eyJ:abc:def", "\x00", "a" * 5000])
def test_a_forged_cookie_is_as_none(alice, note, client, cookie):
    share = share_note(person=alice, note_id=note.pk)
    client.cookies["came_by"] = cookie
    assert client.get(link_of(share)).status_code == 302
    share.refresh_from_db()
    assert share.visits == 1


def test_a_link_leads_nobody_past_the_gate(alice, bob, note, client):
    share = share_note(person=bob, note_id=note.pk)
    Note.objects.filter(pk=note.pk).update(visibility=Note.Visibility.PRIVATE)
    assert client.get(link_of(share)).status_code == 404
    Note.objects.filter(pk=note.pk).update(visibility=Note.Visibility.PUBLIC)
    delete_note(author=alice, note_id=note.pk)
    assert client.get(link_of(share)).status_code == 404
    share.refresh_from_db()
    assert share.visits == 0


def test_the_report_is_the_authors_and_names_nobody(alice, bob, charlie, note, client):
    came(share_note(person=bob, note_id=note.pk), charlie)
    client.force_login(bob)
    assert client.get(f"/notes/{note.pk}/spread/").status_code == 403
    client.force_login(alice)
    page = client.get(f"/notes/{note.pk}/spread/").content.decode()
    assert "longest chain" in page
    for person in (bob, charlie):
        assert person.username not in page


def test_the_report_of_a_note_nobody_shared_says_so(alice, note, client):
    client.force_login(alice)
    assert "Nobody shared it yet" in client.get(f"/notes/{note.pk}/spread/").content.decode()


# ---------------------------------------------------------------- forwarding
def forward(client, note, **fields):
    return client.post(f"/notes/{note.pk}/forward/", fields)


def test_forwarded_to_a_follower_who_comes_by_the_senders_link(alice, bob, charlie, note, client):
    follow_user(follower=charlie, followed=bob)
    client.force_login(bob)
    assert forward(client, note, to=["charlie"], words="For your kitchen").status_code == 303
    reader = Client()
    reader.force_login(charlie)
    page = reader.get("/notifications/").content.decode()
    share = Share.objects.get(person=bob)
    assert "For your kitchen" in page
    notice = charlie.notifications.get(kind="forward")
    assert f"/notifications/{notice.pk}/" in page
    led = reader.get(f"/notifications/{notice.pk}/")
    assert led["Location"] == link_of(share)
    reader.get(led["Location"])
    assert Arrival.objects.get(person=charlie).share == share
    forward(client, note, to=["charlie"])
    assert charlie.notifications.filter(kind="forward").count() == 1, "told once"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"to": ["charlie"]},
        {"name": "nobody.here"},
        {"name": "\x00"},
        {"to": ["bob"], "words": "x" * 501},
        {"to": [f"p{n}" for n in range(21)]},
    ],
)
def test_only_followers_only_some_and_not_a_novel(alice, bob, charlie, note, client, fields):
    client.force_login(alice)  # Bob follows her, Charlie does not
    answer = forward(client, note, **fields)
    assert answer.status_code == 400
    assert "notice--bad" in answer.content.decode()
    assert not charlie.notifications.filter(kind="forward").exists()


def test_a_block_is_not_told_to_the_sender(alice, bob, charlie, note, client):
    """Charlie cannot see Alice's note; Bob, who forwards it, learns nothing of that."""
    follow_user(follower=charlie, followed=bob)
    block_user(blocker=alice, blocked=charlie)
    client.force_login(bob)
    assert forward(client, note, to=["charlie"]).status_code == 303
    reader = Client()
    reader.force_login(charlie)
    assert "A bowl" not in reader.get("/notifications/").content.decode()


def test_by_api(alice, bob, charlie, note):
    from rest_framework.test import APIClient

    api = APIClient()
    api.force_authenticate(alice)
    address = f"/api/v1/notes/{note.pk}/forward/"
    assert api.post(address, {"to": ["bob"]}, format="json").data == {"forwarded": 1}
    assert api.post(address, {"to": ["charlie"]}, format="json").status_code == 400
    assert api.post(address, {"to": []}, format="json").status_code == 400
    report = api.get(f"/api/v1/notes/{note.pk}/spread/").data
    assert (report["links"], report["longest"]) == (1, 1)
    api.force_authenticate(charlie)
    assert api.get(f"/api/v1/notes/{note.pk}/spread/").status_code == 403
