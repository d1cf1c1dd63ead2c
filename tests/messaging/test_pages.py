"""Pages of messages without JavaScript, and the parts of them that are asked for again."""

from __future__ import annotations

import re

import pytest

from accounts.services import block_user, follow_user
from community.messaging.models import Conversation, Member, Message, MessagePicture
from community.messaging.services import Said, send_message
from community.models import Note

PARTIAL = {"HX-Request": "true"}


def said(sender, conversation, body="Hello", **more):
    return send_message(
        sender=sender, conversation_id=conversation.pk, said=Said(body=body, **more)
    )


def page(client, conversation, query="", **headers):
    answer = client.get(f"/messages/{conversation.pk}/{query}", headers=headers)
    assert answer.status_code == 200, answer.content.decode()[:300]
    return answer.content.decode()


def test_from_a_profile_to_a_message_and_back_again(alice, bob, as_person):
    hers, his = as_person(alice), as_person(bob)
    assert "/messages/new/?to=bob" in hers.get("/people/bob/").content.decode()
    form = hers.get("/messages/new/?to=bob").content.decode()
    assert 'value="bob"' in form
    sent = hers.post("/messages/new/", {"to": "@bob", "body": "Good morning"})
    conversation = Conversation.objects.get()
    assert (sent.status_code, sent.url) == (303, f"/messages/{conversation.pk}/")
    assert "Good morning" in his.get("/messages/").content.decode()
    assert b"dot" in his.get("/messages/unread/").content
    assert "Good morning" in page(his, conversation)
    assert b"dot" not in his.get("/messages/unread/").content
    answer = his.post(f"/messages/{conversation.pk}/", {"body": "Hello <b>you</b>"})
    assert answer.status_code == 303
    shown = page(hers, conversation)
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in shown
    assert hers.get("/messages/new/?to=bob").status_code == 303


def test_several_names_make_a_group(alice, bob, charlie, as_person):
    client = as_person(alice)
    refused = client.post("/messages/new/", {"to": "bob, charlie", "body": "Hi"})
    assert refused.status_code == 400
    assert "A group needs a title" in refused.content.decode()
    made = client.post("/messages/new/", {"to": "bob， charlie", "title": "Kiln", "body": "Hi"})
    assert made.status_code == 303
    group = Conversation.objects.get()
    assert group.title == "Kiln"
    about = client.get(f"/messages/{group.pk}/about/").content.decode()
    assert "asked" in about
    asked = page(as_person(charlie), group)
    assert "Come into this group?" in asked
    assert "Hi" not in re.sub(r"<[^>]*>", " ", asked).split()


def test_a_request_is_answered_on_its_page(alice, charlie, request_of, as_person):
    hers, his = as_person(alice), as_person(charlie)
    assert "May I ask?" not in hers.get("/messages/").content.decode()
    assert "May I ask?" in hers.get("/messages/?shelf=requests").content.decode()
    shown = page(hers, request_of)
    assert "May I ask?" in shown
    assert 'id="composer"' not in shown
    assert 'type="file"' not in page(his, request_of)
    assert Member.objects.get(person=alice).last_read == 0
    assert hers.post(f"/messages/{request_of.pk}/", {"body": "x"}).status_code == 400
    hers.post(f"/messages/{request_of.pk}/answer/", {"answer": "accept"})
    assert 'id="composer"' in page(hers, request_of)


def test_read_marks_are_for_who_shows_theirs(alice, bob, talk, as_person):
    hers, his = as_person(alice), as_person(bob)
    assert "line__read" not in page(hers, talk)
    page(his, talk)
    assert "line__read" in page(hers, talk)
    for one, other in ((alice, bob), (bob, alice)):
        chosen = as_person(one).post("/settings/messages/", {"may_message": "everyone"})
        assert chosen.status_code == 303
        assert "line__read" not in page(hers, talk), one
        as_person(one).post("/settings/messages/", {"may_message": "everyone", "shows_read": "on"})
        assert "line__read" in page(hers, talk), other


def test_the_choice_of_who_may_write_is_kept_and_checked(alice, as_person):
    client = as_person(alice)
    assert client.post("/settings/messages/", {"may_message": "martians"}).status_code == 400
    client.post("/settings/messages/", {"may_message": "followed"})
    alice.profile.refresh_from_db()
    assert alice.profile.may_message == "followed"


def test_an_open_page_asks_for_what_is_new_and_gets_304_else(alice, bob, talk, as_person):
    client = as_person(bob)
    shown = page(client, talk)
    tag = re.search(r'data-etag="([^"]+)"', shown)[1].replace("&quot;", '"')
    first = Message.objects.get().pk
    ask = {**PARTIAL, "If-None-Match": tag}
    assert client.get(f"/messages/{talk.pk}/?from={first}", headers=ask).status_code == 304
    said(alice, talk, "Something new")
    fresh = client.get(f"/messages/{talk.pk}/?from={first}", headers=ask)
    assert fresh.status_code == 200
    assert fresh["Cache-Control"] == "private, no-store"
    body = fresh.content.decode()
    assert "<html" not in body
    assert "Good morning" in body
    assert "Something new" in body
    assert "csrfmiddlewaretoken" not in body
    sent = client.post(
        f"/messages/{talk.pk}/", {"body": "And mine", "from": first}, headers=PARTIAL
    )
    assert "And mine" in sent.content.decode()
    assert sent["ETag"] != fresh["ETag"]
    again = {**PARTIAL, "If-None-Match": sent["ETag"]}
    assert client.get(f"/messages/{talk.pk}/?from={first}", headers=again).status_code == 304


def test_older_messages_are_a_page_further_and_none_is_lost(alice, bob, talk, as_person, settings):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    sent = [said(alice, talk, f"Number {n}.").pk for n in range(95)]
    client = as_person(bob)
    seen, query = [], ""
    for _ in range(4):
        shown = page(client, talk, query)
        seen = re.findall(r"Number (\d+)\.", shown) + seen
        older = re.search(r'href="(\?before=\d+)"', shown)
        if not older:
            break
        query = older[1]
    assert [int(n) for n in seen] == list(range(95))
    assert len(sent) == 95
    part = client.get(f"/messages/{talk.pk}/?before={sent[50]}", headers=PARTIAL).content.decode()
    assert "<html" not in part
    assert "Number 49." in part
    assert "Number 50." not in part


def test_the_list_goes_on_by_key(alice, make_person, as_person, settings):
    settings.NEW_MESSAGE_REQUEST_RATE = settings.NEW_MESSAGE_RATE = "1000/24h"
    client = as_person(alice)
    for n in range(32):
        friend = make_person(f"friend{n}")
        follow_user(follower=friend, followed=alice)
        client.post("/messages/new/", {"to": friend.username, "body": f"Hello {n}!"})
    first = client.get("/messages/").content.decode()
    following = re.search(r'href="(\?shelf=&amp;after=[^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get(f"/messages/{following}").content.decode()
    found = re.findall(r"Hello (\d+)!", first + second)
    assert [int(n) for n in found] == list(range(31, -1, -1))
    assert client.get("/messages/?after=nonsense").status_code == 400


@pytest.mark.parametrize("way", ["hidden", "private", "deleted", "blocked"])
def test_a_note_that_is_hidden_later_is_shown_nowhere(
    alice, bob, charlie, talk, make_note, as_person, way
):
    note = make_note(charlie, "A canary in glaze")
    said(alice, talk, "", note_id=note.pk)
    client = as_person(bob)
    shown = page(client, talk)
    assert "A canary in glaze" in shown
    assert "/s/" in shown
    changes = {
        "hidden": {"hidden_at": note.created_at},
        "private": {"visibility": "private"},
        "deleted": {"deleted_at": note.created_at},
    }
    if way == "blocked":
        block_user(blocker=charlie, blocked=bob)
    else:
        Note.objects.filter(pk=note.pk).update(**changes[way])
    for html in (page(client, talk), page(client, talk, **PARTIAL),
                 client.get("/messages/").content.decode()):  # fmt: skip
        assert "canary" not in html
    assert "This note is gone" in page(client, talk)
    Note.objects.filter(pk=note.pk).delete()
    assert "This note is gone" in page(client, talk)


def test_the_share_sheet_offers_conversations_that_are_accepted(
    alice, bob, charlie, talk, request_of, make_note, as_person
):
    note = make_note(bob)
    client = as_person(alice)
    sheet = client.get(f"/notes/{note.pk}/share/").content.decode()
    assert f'name="conversation" value="{talk.pk}"' in sheet
    assert f'name="conversation" value="{request_of.pk}"' not in sheet
    sent = client.post(f"/notes/{note.pk}/send/", {"conversation": talk.pk, "words": "Look"})
    assert sent.status_code == 303
    assert Message.objects.latest("pk").note == note
    assert client.post(f"/notes/{note.pk}/send/", {}).status_code == 400


def test_a_picture_is_for_the_two_alone_and_tells_nothing(
    alice, bob, charlie, talk, photo, as_person, pictures_done
):
    sent = as_person(alice).post(f"/messages/{talk.pk}/", {"body": "", "picture": [photo()]})
    assert sent.status_code == 303
    assert "being prepared" in page(as_person(bob), talk)
    pictures_done()
    picture = MessagePicture.objects.get()
    address = re.search(r'src="(/media/messages/[^"]+)"', page(as_person(bob), talk))[1]
    for person, status in ((alice, 200), (bob, 200), (charlie, 404), (None, 404)):
        answer = as_person(person).get(address)
        assert answer.status_code == status, person
        if status == 200:
            assert answer["Cache-Control"] == "private, no-store"
            assert b"camera" not in b"".join(answer.streaming_content)
    assert as_person(bob).get(address + "x").status_code == 404
    as_person(alice).post(f"/messages/line/{picture.message_id}/take-back/")
    assert as_person(bob).get(address).status_code == 404
    assert not MessagePicture.objects.exists()


def test_files_go_with_their_rows(alice, bob, talk, photo, settings, pictures_done,
                                  django_capture_on_commit_callbacks):  # fmt: skip
    said(alice, talk, "", uploads=[(photo(), "x.jpg")])
    pictures_done()
    assert [f for f in (settings.MEDIA_ROOT / "messages").rglob("*") if f.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        alice.delete()
    assert [f for f in settings.MEDIA_ROOT.rglob("*") if f.is_file()] == []


def test_what_is_no_picture_or_too_many_is_refused_and_nothing_kept(
    alice, bob, talk, photo, as_person, settings
):
    client = as_person(alice)
    bad = photo()
    bad.file.seek(0)
    bad.file.write(b"no picture at all")
    for pictures in ([bad], [photo() for _ in range(5)]):
        sent = client.post(f"/messages/{talk.pk}/", {"body": "Look", "picture": pictures})
        assert sent.status_code == 400
        assert "Look" in sent.content.decode()
    assert Message.objects.count() == 1
    assert [f for f in settings.MEDIA_ROOT.rglob("*") if f.is_file()] == []


def test_the_menu_of_a_message(alice, bob, talk, as_person):
    message = Message.objects.get()
    mine, theirs = (as_person(p).get(f"/messages/line/{message.pk}/") for p in (alice, bob))
    assert "take-back" in mine.content.decode()
    assert "take-back" not in theirs.content.decode()
    assert "/people/alice/block/" in theirs.content.decode()
    hidden = as_person(bob).post(f"/messages/line/{message.pk}/hide/")
    assert hidden.status_code == 303
    assert "Good morning" not in page(as_person(bob), talk)
    assert "Good morning" in page(as_person(alice), talk)


def test_a_closed_conversation_is_read_and_not_gone_on_with(alice, bob, talk, as_person):
    block_user(blocker=bob, blocked=alice)
    for person in (alice, bob):
        client = as_person(person)
        shown = page(client, talk)
        assert "Good morning" in shown
        assert 'id="composer"' not in shown
        assert client.post(f"/messages/{talk.pk}/", {"body": "x"}).status_code == 400
        assert "Good morning" not in client.get("/messages/").content.decode()
        assert "Good morning" in client.get("/messages/?shelf=closed").content.decode()


@pytest.mark.parametrize(
    "path", ["", "about/", "answer/", "clear/", "title/", "leave/", "members/bob/remove/"]
)
def test_strangers_find_nothing(alice, bob, charlie, talk, as_person, path):
    client = as_person(charlie)
    body = {"body": "x", "title": "x"}
    address = f"/messages/{talk.pk}/{path}"
    for answer in (client.get(address), client.post(address, body)):
        assert answer.status_code in (404, 405)
    visitor = as_person(None).get(address)
    assert visitor.status_code in (302, 405)


@pytest.mark.parametrize("query", ["?before=x", "?before=99999999999999999999", "?from=-1"])
def test_odd_addresses_are_answered(alice, bob, talk, as_person, query):
    assert as_person(alice).get(f"/messages/{talk.pk}/{query}").status_code == 200


def test_pages_ask_the_database_a_fixed_number_of_times(
    alice, bob, talk, as_person, make_note, settings, django_assert_max_num_queries
):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    client = as_person(bob)
    for n in range(30):
        said(alice, talk, f"@bob number {n}", note_id=make_note(alice).pk if n % 5 == 0 else None)
    page(client, talk)
    with django_assert_max_num_queries(40):
        page(client, talk)
