"""Push messages: sealed for one browser, of what may be seen when they are sent, tried again."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone, translation
from py_vapid import Vapid02

from accounts.errors import Invalid, NotFound
from accounts.models import User
from accounts.services import block_user, edit_profile, mute_user
from community.notifications import preferences, push_words, pushing, reading, vapid
from community.notifications.models import Notification, PushMessage, PushSubscription
from community.notifications.quiet import quiet_until
from community.notifications.services import tell
from community.notifications.subscribing import MOST_BROWSERS, subscribe, unsubscribe
from community.outbox import jobs
from community.outbox.models import Job
from community.services.comments import add_comment
from community.services.writing import NoteContent, delete_note, edit_note
from community.webhooks import addresses

from .conftest import base64url, keys_of

HERE = "/settings/notifications/push/"


@pytest.fixture
def note(alice, make_note):
    return make_note(alice, "Sea green bowl")


def follows(person, actor, now=None):
    """Something one is told of in every way (once the topic is chosen), without words."""
    tell(person_id=person.pk, kind="follow", actor_id=actor.pk, now=now or timezone.now())


@pytest.fixture
def told(alice, bob, note, work_off):
    """Bob comments on Alice's note; by default that is pushed."""

    def comment(words="Which ash?"):
        made = add_comment(author=bob, note_id=note.pk, body=words)
        work_off("default")
        return made

    return comment


def later(seconds=60):
    return timezone.now() + timedelta(seconds=seconds)


# ---------------------------------------------------------------- sent
def test_it_arrives_sealed_with_kind_title_and_path_alone(alice, browser_of, told):
    browser = browser_of(alice)
    told()
    assert pushing.send_due(now=later()) == 1
    first = Notification.objects.get(kind="comment")
    assert browser.got() == [
        {
            "kind": "comment",
            "title": "bob commented on your note Sea green bowl",
            "path": f"/notifications/{first.pk}/",
        }
    ]
    [(headers, body)] = browser.service.got
    assert b"bob" not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert int(headers["ttl"]) > 0
    assert len(headers["topic"]) == 32


def test_it_proves_who_sends_it(alice, browser_of, told):
    browser = browser_of(alice)
    told()
    pushing.send_due(now=later())
    headers = browser.service.got[0][0]
    assert Vapid02.verify(headers["authorization"])
    token, key = headers["authorization"].removeprefix("vapid ").split(",k=")
    assert key == vapid.public_key()
    claims = token.removeprefix("t=").split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert said["aud"] == browser.service.address
    assert said["sub"] == "mailto:tide@localhost"
    assert 0 < said["exp"] - timezone.now().timestamp() <= 24 * 3600


def test_it_speaks_the_readers_language_whoever_acts(alice, browser_of, told):
    edit_profile(person=alice, language="zh-hans")
    browser = browser_of(alice)
    with translation.override("en"):
        told()
        pushing.send_due(now=later())
    assert browser.got()[0]["title"] == "bob 评论了你的笔记 Sea green bowl"


def test_each_browser_gets_it_once_however_often_workers_run(alice, browser_of, told):
    browser, _other = browser_of(alice), browser_of(alice, "/push/2")
    told()
    for _time in range(3):
        jobs.HANDLERS["notify.send_pushes"].run()
        pushing.send_due(now=later())
    assert len(browser.service.got) == 2
    assert set(PushMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_what_happens_together_is_said_together_and_again_after_a_while(
    alice, make_person, note, browser_of, work_off
):
    browser = browser_of(alice)
    now = timezone.now()
    people = [make_person(f"fan{n}") for n in range(4)]
    for person in people[:3]:
        add_comment(author=person, note_id=note.pk, body="hm")
    work_off("default")
    assert PushMessage.objects.count() == 1
    assert pushing.send_due(now=now) == 0  # still gathering
    assert pushing.send_due(now=now + timedelta(minutes=1)) == 1
    assert "fan2 and 2 others" in browser.got()[0]["title"]
    PushMessage.objects.update(sent_at=now)
    add_comment(author=people[3], note_id=note.pk, body="hm")
    work_off("default")
    assert pushing.send_due(now=now + timedelta(minutes=5)) == 0
    assert pushing.send_due(now=now + timedelta(minutes=16)) == 1
    assert "fan3 and 3 others" in browser.got()[1]["title"]
    assert browser.got()[0]["path"] == browser.got()[1]["path"]


def test_telling_the_same_again_pushes_nothing_again(alice, bob, browser_of):
    preferences.choose(person=alice, ways={"followers": ["push"]})
    browser_of(alice)
    for _time in range(2):
        follows(alice, bob)
        pushing.send_due(now=later())
    assert PushMessage.objects.count() == Notification.objects.count() == 1


# ---------------------------------------------------------------- not sent
def test_topics_not_wanted_by_push_are_not_sent_even_if_chosen_a_moment_later(
    alice, bob, browser_of, told
):
    browser = browser_of(alice)
    follows(alice, bob)  # by default not pushed
    assert not PushMessage.objects.exists()
    told()
    preferences.choose(person=alice, ways={"comments": ["page"]})
    assert pushing.send_due(now=later()) == 0
    assert browser.got() == []
    assert PushMessage.objects.get().state == "dropped"


def test_what_was_read_meanwhile_is_not_sent(alice, browser_of, told):
    browser = browser_of(alice)
    told()
    reading.mark_read(person=alice)
    pushing.send_due(now=later())
    assert browser.got() == []


def private(note, actor):
    content = NoteContent(title="x", body="y", channel=note.channel, visibility="private")
    edit_note(author=note.author, note_id=note.pk, content=content)


LEAVINGS = {
    "note deleted": lambda me, note, actor: delete_note(author=note.author, note_id=note.pk),
    "note private": lambda me, note, actor: private(note, actor),
    "comment deleted": lambda me, note, actor: note.comments.update(deleted_at=timezone.now()),
    "comment hidden": lambda me, note, actor: note.comments.update(hidden_at=timezone.now()),
    "blocks": lambda me, note, actor: block_user(blocker=me, blocked=actor),
    "is blocked": lambda me, note, actor: block_user(blocker=actor, blocked=me),
    "mutes": lambda me, note, actor: mute_user(muter=me, muted=actor),
    "actor suspended": lambda me, note, actor: User.objects.filter(pk=actor.pk).update(
        is_active=False
    ),
    "suspended": lambda me, note, actor: User.objects.filter(pk=me.pk).update(is_active=False),
}


@pytest.mark.parametrize("leaving", [None, *LEAVINGS])
def test_what_may_no_longer_be_seen_when_it_is_sent_is_not_sent(
    alice, bob, make_note, browser_of, work_off, leaving
):
    """Under a note of Bob's he mentions her. Without a change (the control) it arrives."""
    browser, note = browser_of(alice), make_note(bob, "His")
    add_comment(author=bob, note_id=note.pk, body="@alice look")
    work_off("default")
    assert PushMessage.objects.count() == 1
    if leaving:
        LEAVINGS[leaving](alice, note, bob)
    pushing.send_due(now=later())
    assert len(browser.got()) == (0 if leaving else 1)


def test_a_browser_whose_log_in_ended_is_told_nothing(alice, browser_of, told, as_person):
    client = as_person(alice)
    browser = browser_of(alice, session=client.session.session_key)
    told()
    client.logout()
    pushing.send_due(now=later())
    assert browser.got() == []


# ---------------------------------------------------------------- quiet hours
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "start", "end", "until"),
    [
        ("2026-05-04 23:00", 22, 7, "2026-05-05 07:00"),
        ("2026-05-05 03:00", 22, 7, "2026-05-05 07:00"),
        ("2026-05-05 07:00", 22, 7, None),
        ("2026-05-04 21:59", 22, 7, None),
        ("2026-05-04 13:30", 13, 14, "2026-05-04 14:00"),
        ("2026-05-04 12:59", 13, 14, None),
        ("2026-05-04 12:59", 13, 13, None),
        ("2026-05-04 12:59", None, None, None),
    ],
)
def test_quiet_hours_are_those_of_the_persons_own_clock(at, start, end, until):
    now = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI).astimezone(UTC)
    hours = [None if hour is None else time(hour) for hour in (start, end)]
    found = quiet_until(now, SHANGHAI, *hours)
    expected = until and datetime.fromisoformat(until).replace(tzinfo=SHANGHAI)
    assert found == expected


def test_a_message_waits_until_quiet_hours_are_over(alice, browser_of, told):
    browser = browser_of(alice)
    edit_profile(person=alice, time_zone="Asia/Shanghai")
    now = later()
    local = now.astimezone(SHANGHAI)
    around = [(local + timedelta(hours=hours)).time().replace(second=0) for hours in (-1, 1)]
    preferences.choose(person=alice, quiet=tuple(around))
    told()
    assert pushing.send_due(now=now) == 0
    waiting = PushMessage.objects.get()
    assert (waiting.state, waiting.tries) == ("waiting", 0)
    assert timedelta(minutes=58) < waiting.due_at - now <= timedelta(hours=1)
    assert pushing.send_due(now=now + timedelta(minutes=30)) == 0
    assert pushing.ring_if_due(now=now + timedelta(hours=1))
    assert pushing.send_due(now=now + timedelta(hours=1)) == 1
    assert len(browser.got()) == 1


# ---------------------------------------------------------------- tried again
def test_a_service_that_fails_is_asked_again_with_growing_pauses(alice, browser_of, told):
    browser = browser_of(alice)
    browser.service.answers += [503, 429]
    told()
    now = later()
    assert pushing.send_due(now=now) == 0
    row = PushMessage.objects.get()
    assert (row.state, row.tries, row.status) == ("waiting", 1, 503)
    assert pushing.send_due(now=now + timedelta(seconds=10)) == 0
    assert len(browser.service.got) == 1
    assert pushing.send_due(now=now + timedelta(minutes=1)) == 0
    assert pushing.send_due(now=now + timedelta(minutes=10)) == 1
    assert len(browser.service.got) == 3
    assert PushSubscription.objects.get().failing_since is None


def test_it_is_given_up_at_last(alice, browser_of, told):
    browser = browser_of(alice)
    browser.service.answers += [500] * 20
    told()
    for hours in range(1, 24):
        pushing.send_due(now=timezone.now() + timedelta(hours=hours))
    assert PushMessage.objects.get().state == "failed"
    assert len(browser.service.got) == len(pushing.PAUSES) + 1
    assert PushSubscription.objects.get().failing_since is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(alice, browser_of, told, status):
    browser = browser_of(alice)
    browser.service.answers.append(status)
    told()
    pushing.send_due(now=later())
    assert not PushSubscription.objects.exists()
    assert not PushMessage.objects.exists()


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_what_the_service_refuses_is_not_tried_again(alice, browser_of, told, status):
    browser = browser_of(alice)
    browser.service.answers.append(status)
    told()
    for minutes in (1, 10, 100):
        pushing.send_due(now=timezone.now() + timedelta(minutes=minutes))
    assert len(browser.service.got) == 1
    assert PushMessage.objects.get().state == "failed"


def test_a_redirect_is_not_followed(alice, browser_of, told):
    browser = browser_of(alice)
    browser.service.answers.append(302)
    told()
    pushing.send_due(now=later())
    assert len(browser.service.got) == 1


def test_a_batch_whose_worker_died_is_taken_again(alice, browser_of, told):
    browser = browser_of(alice)
    told()
    now = later()
    PushMessage.objects.update(claimed_until=now + pushing.CLAIM)
    assert pushing.send_due(now=now) == 0
    assert not pushing.ring_if_due(now=now)
    after = now + pushing.CLAIM + timedelta(seconds=1)
    assert pushing.ring_if_due(now=after)
    assert pushing.send_due(now=after) == 1
    assert len(browser.got()) == 1


def test_one_that_cannot_be_made_keeps_no_other_waiting(
    alice, browser_of, told, monkeypatch, caplog
):
    bad, _good = browser_of(alice), browser_of(alice, "/push/2")
    PushSubscription.objects.filter(pk=bad.row.pk).update(p256dh="AAAA")
    told()
    assert pushing.send_due(now=later()) == 1
    assert sorted(PushMessage.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_a_notice_without_browsers_notes_no_work(alice, told):
    told()
    assert not PushMessage.objects.exists()
    assert not Job.objects.filter(kind=pushing.SEND).exists()


def test_old_messages_are_forgotten(alice, browser_of, told):
    browser_of(alice)
    told()
    assert pushing.forget(now=later()) == 0
    assert pushing.forget(now=timezone.now() + pushing.KEPT + timedelta(days=1)) == 1


# ---------------------------------------------------------------- browsers
def good(endpoint="https://push.example.org/abc"):
    keys = keys_of(ec.generate_private_key(ec.SECP256R1()), b"s" * 16)
    return {"endpoint": endpoint, **keys}


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "x", "http://push.example.org/a", "ftp://push.example.org/a", "https://",
        "https://a:b@push.example.org/", "https://push.example.org:22/", "https://推.example/",
        "https://push.example.org/" + "a" * 500, "javascript:alert(1)",
    ],
)  # fmt: skip
def test_odd_endpoints_are_refused(alice, as_person, endpoint):
    assert as_person(alice).post(HERE, good(endpoint)).status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": base64url(b"\x04" + b"\x01" * 64)},
        {"auth": ""}, {"auth": base64url(b"short")}, {"auth": "é" * 22}, {"auth": "x" * 10_000},
    ],
)  # fmt: skip
def test_keys_that_are_none_are_refused(alice, as_person, odd):
    assert as_person(alice).post(HERE, good() | odd).status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "[::1]", "192.168.1.1"]
)
def test_a_private_host_is_never_called(alice, settings, monkeypatch, told, host):
    """Named in the clear or by a name that leads there, it is found out when it is sent."""
    called = []
    monkeypatch.setattr("community.webhooks.posting._post_to", lambda *a, **k: called.append(a))
    subscribe(person=alice, now=timezone.now(), **good(f"https://{host}/push"))
    told()
    pushing.send_due(now=later())
    assert called == []
    row = PushMessage.objects.get()
    assert row.tries == 1
    assert "private" in row.trouble or host == "[::1]"  # no push service goes by such a number


def test_a_browser_belongs_to_whoever_asked_last(alice, bob, browser_of, told):
    first = browser_of(alice)
    told()
    second = browser_of(bob)
    assert first.row.pk == second.row.pk
    assert PushSubscription.objects.get().person == bob
    pushing.send_due(now=later())
    assert second.service.got == []  # what waited for Alice is not for Bob


def test_only_so_many_browsers_the_newest(alice):
    for n in range(MOST_BROWSERS + 2):
        subscribe(person=alice, now=timezone.now(), **good(f"https://push.example.org/{n}"))
    kept = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert len(kept) == MOST_BROWSERS
    assert "https://push.example.org/0" not in kept
    assert f"https://push.example.org/{MOST_BROWSERS + 1}" in kept


def test_switched_on_listed_and_off_by_page(alice, bob, as_person):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client = as_person(alice)
    for _twice in range(2):
        assert client.post(HERE, good(), headers={"User-Agent": agent}).status_code == 204
    row = PushSubscription.objects.get()
    assert row.session == client.session.session_key
    page = client.get("/settings/notifications/").content.decode()
    assert "Firefox, Linux" in page
    assert vapid.public_key() in page
    off = f"{HERE}{row.pk}/remove/"
    assert as_person(bob).post(off).status_code == 404
    assert client.post(off).status_code == 303
    assert not PushSubscription.objects.exists()
    with pytest.raises(NotFound):
        unsubscribe(person=alice, pk=row.pk)


# ---------------------------------------------------------------- our key
def test_the_key_is_made_once_and_kept(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "fresh"
    key = vapid.public_key()
    file = tmp_path / "fresh" / "vapid_key"
    assert file.stat().st_mode & 0o077 == 0
    vapid._read.cache_clear()
    assert vapid.public_key() == key
    assert len(base64.urlsafe_b64decode(key + "=")) == 65


def test_an_operators_own_key_is_used_and_none_is_made(settings, tmp_path):
    settings.DATA_DIR, settings.VAPID_KEY = tmp_path / "other", vapid.make()
    vapid.public_key()
    assert not (tmp_path / "other").exists()
    settings.PUSH_CONTACT = "https://example.org/contact"
    assert vapid.contact() == "https://example.org/contact"


def test_a_long_title_is_cut(alice, bob, make_note, browser_of, work_off):
    browser, note = browser_of(alice), make_note(alice, "W" * 60)
    edit_profile(person=bob, display_name="M" * 40)
    add_comment(author=bob, note_id=note.pk, body="x" * 900)
    work_off("default")
    pushing.send_due(now=later())
    assert len(browser.got()[0]["title"]) <= push_words.LONGEST_TITLE


# ---------------------------------------------------------------- programs
def test_programs_choose_mute_and_subscribe(alice, bob, note, as_person):
    client = as_person(alice)

    def send(method, path, body=None):
        call = getattr(client, method)
        return call(f"/api/v1/{path}", body, content_type="application/json")

    before = client.get("/api/v1/me/notifications/settings/").json()
    assert (before["digest"], before["quiet_hours"]) == ("off", None)
    assert before["ways"]["reactions"] == ["page", "mail"]
    body = {
        "ways": {"reactions": ["push"]}, "digest": "weekly",
        "quiet_hours": {"start": "22:00", "end": "07:00"},
    }  # fmt: skip
    after = send("patch", "me/notifications/settings/", body).json()
    assert after["ways"] == before["ways"] | {"reactions": ["push"]}
    assert after["quiet_hours"] == {"start": "22:00", "end": "07:00"}
    assert send("patch", "me/notifications/settings/", {"quiet_hours": None}).json()[
        "quiet_hours"
    ] is None  # fmt: skip
    for odd in ({"ways": {"x": []}}, {"ways": {"notes": ["fax"]}}, {"digest": 1}, {"more": 1}):
        assert send("patch", "me/notifications/settings/", odd).status_code == 400
    assert send("put", f"notes/{note.pk}/comments/mute/").status_code == 204
    assert send("delete", f"notes/{note.pk}/comments/mute/").status_code == 204
    keys = good()
    body = {"endpoint": keys.pop("endpoint"), "keys": keys}
    made = send("post", "me/push/", body)
    assert made.status_code == 201
    listed = client.get("/api/v1/me/push/").json()
    assert listed["key"] == vapid.public_key()
    assert [row["id"] for row in listed["browsers"]] == [made.json()["id"]]
    refused = as_person(bob).delete(f"/api/v1/me/push/{made.json()['id']}/")
    assert refused.status_code == 404
    assert send("delete", f"me/push/{made.json()['id']}/").status_code == 204


def test_the_service_refuses_what_no_browser_has(alice):
    with pytest.raises(Invalid):
        subscribe(person=alice, now=timezone.now(), **good("http://push.example.org/"))
    with pytest.raises(addresses.Unreachable):
        addresses.numbers_of(addresses.parse("https://localhost/"))
