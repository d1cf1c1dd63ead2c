"""Messages through the interface of programs."""

from __future__ import annotations

import pytest

from accounts.services import block_user, follow_user
from community.messaging.models import Conversation, Member, Message
from tests.api.conftest import Program, assert_problem


@pytest.fixture
def hers(alice):
    return Program(alice)


@pytest.fixture
def his(bob):
    return Program(bob)


def test_a_conversation_from_beginning_to_end(hers, his, alice, bob, make_note, photo):
    made = hers.send("POST", "conversations/", {"to": ["bob"], "body": "Good morning"})
    assert made.status_code == 201, made.content
    talk = made.json()
    assert (talk["title"], talk["is_group"], talk["state"], talk["unread"]) == (
        "bob", False, "active", 0)  # fmt: skip
    listed = his.get("conversations/").json()["results"]
    assert [(row["id"], row["unread"], row["last"]) for row in listed] == [
        (talk["id"], 1, "Good morning")
    ]
    assert his.get("messages/unread/").json() == {"unread": 1}
    lines = his.get(f"conversations/{talk['id']}/messages/").json()["results"]
    read = his.send("POST", f"conversations/{talk['id']}/read/", {"up_to": lines[0]["id"]})
    assert read.json() == {"unread": 0}
    mine = hers.get(f"conversations/{talk['id']}/messages/").json()["results"]
    assert mine[0]["read_by"] == ["bob"]
    note = make_note(bob, "A blue bowl")
    sent = hers.send("POST", f"conversations/{talk['id']}/messages/", {"note": note.pk})
    assert sent.status_code == 201
    assert sent.json()["note"]["title"] == "A blue bowl"
    assert "/s/" in sent.json()["link"]
    picture = hers.post(
        f"conversations/{talk['id']}/pictures/", {"file": photo(), "alt": "A bowl"},
        format="multipart",
    )  # fmt: skip
    assert picture.status_code == 201, picture.content
    assert [(p["state"], p["alt"]) for p in picture.json()["pictures"]] == [
        ("processing", "A bowl")
    ]
    back = hers.send("POST", f"messages/{picture.json()['id']}/take-back/")
    assert (back.json()["taken_back"], back.json()["pictures"]) == (True, [])
    assert his.send("DELETE", f"messages/{sent.json()['id']}/").status_code == 204
    assert his.send("DELETE", f"messages/{sent.json()['id']}/").status_code == 404
    assert his.send("DELETE", f"conversations/{talk['id']}/").status_code == 204
    assert his.get("conversations/").json()["results"] == []


def test_a_request_and_its_answer(hers, charlie, alice):
    theirs = Program(charlie)
    talk = theirs.send("POST", "conversations/", {"to": ["alice"], "body": "May I?"}).json()
    assert hers.get("conversations/").json()["results"] == []
    asked = hers.get("conversations/?shelf=requests").json()["results"]
    assert [(row["id"], row["state"]) for row in asked] == [(talk["id"], "requested")]
    assert hers.get("messages/unread/").json() == {"unread": 0}
    path = f"conversations/{talk['id']}"
    assert_problem(hers.send("POST", f"{path}/messages/", {"body": "x"}), 403)
    assert_problem(hers.send("POST", f"{path}/answer/", {"accept": "yes"}), 400)
    assert hers.send("POST", f"{path}/answer/", {"accept": False}).status_code == 204
    assert_problem(hers.send("POST", f"{path}/answer/", {"accept": True}), 404)
    seen = theirs.get(f"{path}/").json()
    assert {m["person"]["username"]: m["state"] for m in seen["members"]} == {
        "charlie": "active", "alice": "requested"}  # fmt: skip


def test_a_group(hers, his, alice, bob, charlie):
    made = hers.send("POST", "conversations/", {"to": ["bob"], "title": "Kiln", "body": "Hi"})
    group = made.json()
    path = f"conversations/{group['id']}"
    assert group["is_group"]
    follow_user(follower=charlie, followed=bob)
    added = his.send("POST", f"{path}/members/", {"username": "charlie"})
    assert (added.status_code, added.json()["state"]) == (201, "active")
    assert his.send("PATCH", f"{path}/", {"title": "Raku"}).json()["title"] == "Raku"
    assert_problem(his.send("DELETE", f"{path}/members/charlie/"), 403)
    assert hers.send("DELETE", f"{path}/members/charlie/").status_code == 204
    assert his.send("DELETE", f"{path}/membership/").status_code == 204
    assert_problem(his.get(f"{path}/"), 404)
    lines = hers.get(f"{path}/messages/").json()["results"]
    assert [line["event"] for line in lines] == [
        "left", "removed", "renamed", "added", "", "added", "made"]  # fmt: skip


def test_the_same_key_says_a_thing_once(hers, talk):
    path, key = f"conversations/{talk.pk}/messages/", {"HTTP_IDEMPOTENCY_KEY": "a-1"}
    first, second = (hers.send("POST", path, {"body": "Once"}, **key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Message.objects.filter(body="Once").count() == 1
    assert_problem(hers.send("POST", path, {"body": "Twice"}, **key), 409)


def test_pages_by_key_lose_and_repeat_nothing(hers, his, talk, say, alice, settings):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    for n in range(25):
        say(alice, talk, f"{n}")
    seen, address = [], f"/api/v1/conversations/{talk.pk}/messages/?limit=10"
    while address:
        page = his.get(address).json()
        seen += [line["body"] for line in page["results"]]
        address = (page["next"] or "").replace("http://testserver", "")
        say(alice, talk, "meanwhile")
    assert seen == [f"{n}" for n in range(24, -1, -1)] + ["Good morning"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "conversations/{talk}/", None),
        ("PATCH", "conversations/{talk}/", {"nonsense": 1}),
        ("DELETE", "conversations/{talk}/", None),
        ("GET", "conversations/{talk}/messages/", None),
        ("POST", "conversations/{talk}/messages/", {"nonsense": 1}),
        ("POST", "conversations/{talk}/pictures/", {"nonsense": 1}),
        ("POST", "conversations/{talk}/answer/", {"nonsense": 1}),
        ("POST", "conversations/{talk}/read/", {"nonsense": 1}),
        ("POST", "conversations/{talk}/members/", {"nonsense": 1}),
        ("DELETE", "conversations/{talk}/members/bob/", None),
        ("DELETE", "conversations/{talk}/membership/", None),
        ("DELETE", "messages/{message}/", None),
        ("POST", "messages/{message}/take-back/", None),
    ],
)
def test_others_conversations_are_not_there(charlie, talk, method, path, body):
    message = Message.objects.get()
    before = list(Message.objects.values()), list(Member.objects.values())
    address = path.format(talk=talk.pk, message=message.pk)
    assert_problem(Program(charlie).send(method, address, body), 404)
    assert Program().send(method, address, body).status_code == 401
    assert (list(Message.objects.values()), list(Member.objects.values())) == before


def test_a_hidden_note_is_told_to_nobody(hers, his, alice, bob, charlie, talk, say, make_note):
    note = make_note(charlie, "A canary in glaze")
    say(alice, talk, "", note_id=note.pk)
    path = f"conversations/{talk.pk}/messages/"
    assert his.get(path).json()["results"][0]["note"]["title"] == "A canary in glaze"
    block_user(blocker=charlie, blocked=bob)
    seen = his.get(path)
    assert b"canary" not in seen.content
    assert seen.json()["results"][0]["has_note"] is True
    assert b"canary" not in his.get("conversations/").content


@pytest.mark.parametrize(
    "body",
    [
        {"to": [], "body": "x"},
        {"to": ["bob"]},
        {"to": ["bob"], "body": ""},
        {"to": ["bob"], "body": "x" * 2001},
        {"to": ["bob", "charlie"], "body": "x"},
        {"to": "bob", "body": "x"},
        {"to": ["alice"], "body": "x"},
        {"to": ["bob"] * 20, "body": "x"},
        {"to": ["bob"], "body": 7},
    ],
)
def test_what_cannot_be_taken_is_refused_and_makes_nothing(hers, bob, charlie, body):
    assert_problem(hers.send("POST", "conversations/", body), 400)
    assert Conversation.objects.count() == 0
