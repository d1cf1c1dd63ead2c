"""Digests: in the morning, once, of what may be seen when they are sent, and ended by one click."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.models import User
from accounts.services import block_user, edit_profile, mute_user
from community.moderation.services import hide_note
from community.notifications import digests, preferences, reading
from community.notifications.models import DigestMail, Notification, Preferences
from community.notifications.services import tell
from community.notifications.tasks import note_digests
from community.notifications.unsubscribing import token_for
from community.outbox import jobs
from community.services.comments import add_comment
from community.services.writing import NoteContent, delete_note, edit_note

# A Monday. Half past eight in UTC, half past four in the afternoon in Shanghai.
MONDAY = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def morning(now):
    """What the clock and a worker do."""
    digests.note_due(now=now)
    return digests.send_due(now=now)


@pytest.fixture
def reader(alice, confirmed):
    preferences.choose(person=alice, digest="daily")
    return confirmed(alice)


@pytest.fixture
def note(alice, make_note):
    return make_note(alice, "Sea green bowl", ago=3 * DAY)


def like(note, *people, now):
    for person in people:
        tell(person_id=note.author_id, kind="like", actor_id=person.pk, note_id=note.pk, now=now)


def text_and_html():
    [message] = mail.outbox
    [(html, _kind)] = message.alternatives
    return message.body, html


def test_a_digest_says_what_happened_in_groups_in_text_and_html(reader, bob, charlie, note):
    like(note, bob, charlie, now=MONDAY - timedelta(hours=3))
    assert morning(MONDAY) == 1
    [message] = mail.outbox
    assert message.to == ["alice@example.org"]
    assert message.subject == "1 new thing at Rockpool 潮池"
    first = Notification.objects.order_by("pk").first()
    for part in text_and_html():
        plain = re.sub(r"<[^>]+>", "", part)
        assert "charlie and bob liked your note" in plain
        assert "Sea green bowl" in plain
        assert f"http://localhost:8000/notifications/{first.pk}/" in part


def test_nothing_is_fetched_from_anywhere_when_it_is_read(reader, bob, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    morning(MONDAY)
    html = text_and_html()[1]
    assert not re.search(r"<(img|script|link|iframe|video|audio|object)|url\(|@import", html)
    assert mail.outbox[0].attachments == []


def test_names_titles_and_comments_cannot_break_out_of_the_mail(
    reader, bob, note, confirmed, work_off
):
    edit_profile(person=bob, display_name="<b onclick=x>")
    add_comment(author=bob, note_id=note.pk, body="<script>alert(1)</script>\nBcc: x@y.z")
    work_off()
    now = MONDAY.replace(year=2027)  # after the comment, which has today's time
    Notification.objects.update(created_at=now - timedelta(hours=1))
    morning(now)
    html = text_and_html()[1]
    assert "<script>" not in html
    assert "<b onclick" not in html
    assert "&lt;script&gt;" in html
    assert "Bcc" not in mail.outbox[0].message()


def test_it_speaks_the_readers_language_whoever_acts(reader, bob, note):
    edit_profile(person=reader, language="zh-hans")
    like(note, bob, now=MONDAY - timedelta(hours=3))
    morning(MONDAY)
    assert "赞了你的笔记" in text_and_html()[0]
    assert mail.outbox[0].subject == "Rockpool 潮池有 1 件新鲜事"


def test_nothing_is_sent_where_nothing_is_new_or_all_is_read(reader, bob, note):
    assert morning(MONDAY) == 0
    like(note, bob, now=MONDAY)
    reading.mark_read(person=reader, now=MONDAY)
    assert morning(MONDAY + DAY) == 0
    assert mail.outbox == []
    assert set(DigestMail.objects.values_list("state", flat=True)) == {"empty"}


def test_once_a_day_however_often_the_clock_and_the_workers_ring(reader, bob, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    for minute in range(5):
        with time_machine.travel(MONDAY + timedelta(minutes=minute), tick=False):
            for _twice in range(2):
                note_digests.once()
                jobs.HANDLERS["notify.send_digests"].run()
    assert len(mail.outbox) == 1
    assert DigestMail.objects.count() == 1


def test_what_one_digest_told_the_next_one_does_not(reader, bob, charlie, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    morning(MONDAY)
    assert morning(MONDAY + DAY) == 0
    like(note, charlie, now=MONDAY + DAY)
    assert morning(MONDAY + 2 * DAY) == 1
    assert "charlie liked your note" in mail.outbox[1].body
    assert "bob" not in mail.outbox[1].body


@pytest.mark.parametrize(
    ("zone", "hour", "sent"),
    [
        ("", 7, 0), ("", 8, 1), ("", 11, 1), ("", 12, 0),
        ("Asia/Shanghai", 8, 0), ("Asia/Shanghai", 0, 1), ("Asia/Shanghai", 3, 1),
        ("America/Los_Angeles", 15, 1), ("America/Los_Angeles", 8, 0), ("Nowhere/Gone", 8, 1),
    ],
)  # fmt: skip
def test_it_comes_in_the_morning_of_the_readers_own_clock(reader, bob, note, zone, hour, sent):
    User.objects.get(pk=reader.pk).profile.__class__.objects.filter(pk=reader.pk).update(
        time_zone=zone
    )
    like(note, bob, now=MONDAY - timedelta(hours=20))
    assert morning(MONDAY.replace(hour=hour)) == sent


def test_weekly_means_mondays(reader, bob, note):
    preferences.choose(person=reader, digest="weekly")
    like(note, bob, now=MONDAY)
    counts = [morning(MONDAY + days * DAY) for days in range(1, 8)]
    assert counts == [0, 0, 0, 0, 0, 0, 1]


def test_only_topics_wanted_by_mail_are_in_it(reader, bob, note):
    preferences.choose(person=reader, ways={"reactions": ["page"]})
    like(note, bob, now=MONDAY - timedelta(hours=3))
    assert morning(MONDAY) == 0
    preferences.choose(person=reader, ways={"reactions": ["mail"]})
    assert morning(MONDAY + DAY) == 1


def test_mail_goes_only_where_an_address_was_confirmed(alice, bob, note, confirmed):
    preferences.choose(person=alice, digest="daily")
    EmailAddress.objects.create(user=alice, email=alice.email, verified=False, primary=True)
    like(note, bob, now=MONDAY)
    assert morning(MONDAY) == 0
    confirmed(alice)
    assert morning(MONDAY + DAY) == 1
    User.objects.filter(pk=alice.pk).update(is_active=False)
    like(note, bob, now=MONDAY + DAY)
    assert morning(MONDAY + 2 * DAY) == 0


def test_many_groups_are_cut_and_said_to_be(reader, bob, make_note):
    for n in range(18):
        like(make_note(reader, f"Note {n}"), bob, now=MONDAY - timedelta(hours=2))
    morning(MONDAY)
    assert mail.outbox[0].subject.startswith("18 new things")
    assert "3 more stand among your notices" in text_and_html()[0]
    assert "See 3 more" in text_and_html()[1]


# ---------------------------------------------------------------- leaks
CANARY = "zyxquokka"


def hidden_by_staff(note, actor, reader):
    reader.is_superuser = True
    hide_note(moderator=reader, note_id=note.pk, reason="no")
    Notification.objects.filter(kind="hidden").delete()


def made_private(note, actor, reader):
    content = NoteContent(title=CANARY, body=CANARY, channel=note.channel, visibility="private")
    edit_note(author=note.author, note_id=note.pk, content=content)


LEAVINGS = {
    "deleted": lambda note, actor, reader: delete_note(author=note.author, note_id=note.pk),
    "private": made_private,
    "hidden": hidden_by_staff,
    "reader blocks": lambda note, actor, reader: block_user(blocker=reader, blocked=actor),
    "is blocked": lambda note, actor, reader: block_user(blocker=actor, blocked=reader),
    "reader mutes": lambda note, actor, reader: mute_user(muter=reader, muted=actor),
    "suspended": lambda note, actor, reader: User.objects.filter(pk=actor.pk).update(
        is_active=False
    ),
    "comment deleted": lambda note, actor, reader: note.comments.update(deleted_at=MONDAY),
    "comment hidden": lambda note, actor, reader: note.comments.update(hidden_at=MONDAY),
}


@pytest.fixture
def mentioned(reader, make_person, make_note, work_off):
    """Somebody mentions the reader in a comment under a note of theirs; both carry the canary."""
    olive = make_person("olive", display_name=f"{CANARY} Olive")
    note = make_note(olive, f"{CANARY} bowl", ago=DAY)
    add_comment(author=olive, note_id=note.pk, body=f"@alice {CANARY}")
    work_off()
    Notification.objects.update(created_at=MONDAY - timedelta(hours=1))
    assert Notification.objects.visible_to(reader).count() == 1
    return note


@pytest.mark.parametrize("leaving", LEAVINGS)
def test_what_may_no_longer_be_seen_when_it_is_sent_is_not_in_it(reader, mentioned, leaving):
    digests.note_due(now=MONDAY)  # noted while all was still to be seen
    LEAVINGS[leaving](mentioned, mentioned.author, reader)
    digests.send_due(now=MONDAY)
    assert mail.outbox == []


def test_without_a_change_it_is_in_it(reader, mentioned):
    """The control."""
    morning(MONDAY)
    assert all(CANARY in part for part in text_and_html())


# ---------------------------------------------------------------- mail that does not go
@pytest.fixture
def stubborn(settings, monkeypatch):
    """A mail server that takes nothing so many times."""
    left = [0]

    class Stubborn(EmailBackend):
        def send_messages(self, messages):
            if left[0] > 0:
                left[0] -= 1
                raise TimeoutError("timed out")
            return super().send_messages(messages)

    monkeypatch.setattr(
        "community.notifications.digests.get_connection", lambda: Stubborn(fail_silently=False)
    )
    return left


def test_a_server_that_hangs_is_asked_again_and_the_mail_comes_once(
    reader, bob, note, stubborn, caplog
):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    stubborn[0] = 2
    assert morning(MONDAY) == 0
    row = DigestMail.objects.get()
    assert (row.state, row.tries, row.claimed_until) == ("waiting", 1, None)
    assert "timed out" in row.trouble
    assert digests.send_due(now=MONDAY + timedelta(seconds=30)) == 0  # its pause is not over
    assert stubborn[0] == 1
    sent = [digests.send_due(now=MONDAY + timedelta(minutes=n)) for n in range(1, 20)]
    assert sum(sent) == len(mail.outbox) == 1
    assert digests.send_due(now=MONDAY + DAY / 2) == 0


def test_given_up_at_last_and_told_by_the_next(reader, bob, note, stubborn, caplog):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    stubborn[0] = 7
    morning(MONDAY)
    for hour in range(12):
        digests.send_due(now=MONDAY + timedelta(hours=hour))
    assert DigestMail.objects.get().state == "failed"
    assert morning(MONDAY + DAY) == 1


def test_a_worker_that_died_holding_one_is_followed_by_another(reader, bob, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    digests.note_due(now=MONDAY)
    DigestMail.objects.update(claimed_until=MONDAY + digests.CLAIM)
    assert digests.send_due(now=MONDAY + timedelta(minutes=1)) == 0
    assert digests.send_due(now=MONDAY + digests.CLAIM + timedelta(seconds=1)) == 1


def test_one_bad_address_keeps_nobody_else_waiting(
    reader, bob, note, make_note, stubborn, confirmed, caplog
):
    preferences.choose(person=confirmed(bob), digest="daily")
    like(note, bob, now=MONDAY - timedelta(hours=3))
    like(make_note(bob, "Bob's"), reader, now=MONDAY - timedelta(hours=3))
    stubborn[0] = 1
    assert morning(MONDAY) == 1
    assert digests.send_due(now=MONDAY + timedelta(minutes=2)) == 1
    assert {message.to[0] for message in mail.outbox} == {"alice@example.org", "bob@example.org"}


def test_old_records_are_forgotten(reader):
    morning(MONDAY)
    assert digests.forget(now=MONDAY + DAY) == 0
    assert digests.forget(now=MONDAY + digests.KEPT + 2 * DAY) == 1
    assert digests.forget(now=MONDAY + digests.KEPT + 2 * DAY) == 0


# ---------------------------------------------------------------- one click
@pytest.fixture
def link(reader, bob, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    morning(MONDAY)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [address] = re.findall(r"^<http://localhost:8000(/unsubscribe/[^>]+)>$",
                           str(headers["List-Unsubscribe"]))  # fmt: skip
    assert all(address in part for part in text_and_html())
    return address


def test_a_mail_program_ends_them_without_cookies(reader, link):
    program = Client(enforce_csrf_checks=True)
    body = "List-Unsubscribe=One-Click"
    for _twice in range(2):
        sent = program.post(link, body, content_type="application/x-www-form-urlencoded")
        assert sent.status_code == 200
    assert Preferences.objects.get(person=reader).digest == "off"


def test_a_scanner_that_follows_the_link_ends_nothing(reader, link):
    for answer in (Client().get(link), Client().head(link)):
        assert answer.status_code == 200
    assert Preferences.objects.get(person=reader).digest == "daily"


def test_a_link_that_we_did_not_sign_ends_nothing(reader, bob, link):
    forged = token_for(bob.pk).split(":")[0] + ":" + link.strip("/").split(":", 1)[1]
    for token in ("x", forged, link.split("/")[2][:-1], "x" * 5_000):
        answer = Client().post(f"/unsubscribe/{token}/")
        assert answer.status_code == 404
    assert Preferences.objects.get(person=reader).digest == "daily"


def test_who_ended_them_before_it_is_sent_gets_none(reader, bob, note):
    like(note, bob, now=MONDAY - timedelta(hours=3))
    digests.note_due(now=MONDAY)
    preferences.stop_digests(person_id=reader.pk)
    assert digests.send_due(now=MONDAY) == 0
