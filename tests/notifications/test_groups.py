"""What many people did to one thing is one notice, and its figures are what the reader may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.services import block_user, edit_profile, mute_user, unblock_user
from community.notifications import reading
from community.notifications.grouping import JOINED, groups_of
from community.notifications.models import Notification
from community.notifications.services import tell
from community.notifications.wording import sentence
from community.services.comments import add_comment
from community.services.writing import delete_note

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def groups(person):
    mine = Notification.objects.shown_to(person)
    heads = mine.heads().select_related(*JOINED)
    return groups_of(heads.order_by("-created_at", "-pk"), mine)


def sentences(person):
    return [sentence(group) for group in groups(person)]


@pytest.fixture
def note(alice, make_note):
    return make_note(alice)


@pytest.fixture
def fans(make_person):
    return [make_person(f"fan{n:02}", display_name=f"Fan {n}") for n in range(13)]


def like(note, *people, at=NOON):
    for n, person in enumerate(people):
        tell(
            person_id=note.author_id, kind="like", actor_id=person.pk, note_id=note.pk,
            now=at + timedelta(seconds=n),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "Fan 0 liked your note"),
        (2, "Fan 1 and Fan 0 liked your note"),
        (3, "Fan 2 and 2 others liked your note"),
        (13, "Fan 12 and 12 others liked your note"),
    ],
)
def test_likes_of_one_note_on_one_day_are_one_sentence(alice, note, fans, count, said):
    like(note, *fans[:count])
    assert sentences(alice) == [said]
    [group] = groups(alice)
    assert (group.people, group.notices, group.unread) == (count, count, count)
    assert [actor.pk for actor in group.actors] == [p.pk for p in fans[:count][::-1][:3]]


def test_in_chinese_too(alice, note, fans):
    like(note, *fans)
    with translation.override("zh-hans"):
        assert sentences(alice) == ["Fan 12 和另外 12 人 赞了你的笔记"]


def test_another_note_another_deed_and_another_day_stand_apart(alice, note, make_note, fans):
    like(note, *fans[:2])
    like(make_note(alice, "Another"), fans[0], at=NOON + timedelta(minutes=1))
    like(note, fans[2], at=NOON + timedelta(days=1))
    tell(person_id=alice.pk, kind="collect", actor_id=fans[0].pk, note_id=note.pk, now=NOON)
    assert sorted(group.notices for group in groups(alice)) == [1, 1, 1, 2]


def test_the_day_is_the_recipients_own(alice, note, fans):
    """23:00 and 01:00 in Shanghai are two days, though one day in UTC."""
    edit_profile(person=alice, time_zone="Asia/Shanghai")
    like(note, fans[0], at=datetime(2026, 5, 4, 15, tzinfo=UTC))
    like(note, fans[1], at=datetime(2026, 5, 4, 17, tzinfo=UTC))
    assert len(groups(alice)) == 2


def test_followers_are_one_group_and_the_verb_agrees(alice, fans):
    for person in fans[:3]:
        tell(person_id=alice.pk, kind="follow", actor_id=person.pk, now=NOON)
    assert sentences(alice) == ["Fan 2 and 2 others follow you"]


def test_somebody_who_comments_twice_is_one_person(alice, bob, charlie, note, work_off):
    for author, words in ((bob, "One"), (bob, "Two"), (charlie, "Three")):
        add_comment(author=author, note_id=note.pk, body=words)
    work_off()
    [group] = [group for group in groups(alice) if group.head.kind == "comment"]
    assert (group.people, group.notices) == (2, 3)
    assert sentence(group) == "charlie and bob commented on your note"


def test_whom_one_blocks_or_mutes_is_neither_named_nor_counted(alice, note, fans):
    like(note, *fans)
    block_user(blocker=alice, blocked=fans[12])
    block_user(blocker=fans[11], blocked=alice)
    mute_user(muter=alice, muted=fans[10])
    fans[9].is_active = False
    fans[9].save()
    [group] = groups(alice)
    assert sentence(group) == "Fan 8 and 8 others liked your note"
    assert (group.people, group.notices, group.unread) == (9, 9, 9)
    assert reading.unread_count(alice) == 9
    unblock_user(blocker=alice, blocked=fans[12])
    assert sentences(alice) == ["Fan 12 and 9 others liked your note"]


def test_a_group_about_what_is_gone_is_gone(alice, note, fans):
    like(note, *fans)
    delete_note(author=alice, note_id=note.pk)
    assert groups(alice) == []
    assert reading.unread_count(alice) == 0


def test_reading_a_group_leaves_the_others_and_what_came_later(alice, note, make_note, fans):
    like(note, *fans[:2])
    like(make_note(alice, "Another"), fans[0])
    seen = reading.newest(alice)
    like(note, fans[2])
    first = Notification.objects.filter(note=note).order_by("pk").first()
    assert reading.mark_group_read(
        person=alice, notice_id=first.pk, up_to=seen, now=timezone.now()
    ) == 2  # fmt: skip
    assert {group.head.note_id == note.pk: group.unread for group in groups(alice)} == {
        True: 1, False: 1,
    }  # fmt: skip
    assert reading.mark_read(person=alice, up_to=seen, now=timezone.now()) == 1
    assert reading.unread_count(alice) == 1


# ---------------------------------------------------------------- the page
@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    return client


def page_of(browser, address="/notifications/"):
    return browser.get(address).content.decode()


def test_opening_the_thing_marks_its_group_read(alice, browser, note, fans):
    like(note, *fans[:3])
    tell(person_id=alice.pk, kind="follow", actor_id=fans[0].pk, now=NOON)
    first = Notification.objects.filter(kind="like").order_by("pk").first()
    assert f"/notifications/{first.pk}/" in page_of(browser)
    ahead = browser.get(f"/notifications/{first.pk}/", headers={"Sec-Purpose": "prefetch"})
    assert ahead["Location"] == browser.head(f"/notifications/{first.pk}/")["Location"]
    assert reading.unread_count(alice) == 4
    answer = browser.get(f"/notifications/{first.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/notes/{note.pk}/")
    assert reading.unread_count(alice) == 1


def test_a_notice_of_somebody_else_opens_and_is_read_by_nobody(alice, bob, browser, note):
    tell(person_id=bob.pk, kind="follow", actor_id=alice.pk, now=NOON)
    theirs = Notification.objects.get()
    for answer in (
        browser.get(f"/notifications/{theirs.pk}/"),
        browser.post(f"/notifications/{theirs.pk}/read/"),
    ):
        assert answer.status_code == 404
    assert reading.unread_count(bob) == 1


def test_a_notice_that_one_may_no_longer_see_leads_nowhere(alice, browser, note, fans):
    like(note, fans[0])
    notice = Notification.objects.get()
    block_user(blocker=fans[0], blocked=alice)
    assert browser.get(f"/notifications/{notice.pk}/").status_code == 404


def test_one_group_is_marked_read_from_the_list_with_and_without_scripts(browser, note, fans):
    like(note, *fans[:2])
    first = Notification.objects.order_by("pk").first()
    like(note, fans[2])
    up_to = {"up_to": first.pk + 1}
    part = browser.post(f"/notifications/{first.pk}/read/", up_to, headers={"HX-Request": "true"})
    assert "is-unread" in part.content.decode()  # a third like came after the page was made
    answer = browser.post(f"/notifications/{first.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (303, "/notifications/")
    assert "is-unread" not in page_of(browser)


@pytest.mark.parametrize("up_to", ["x", "-1", "1" * 19, "１"])
def test_an_odd_end_is_refused_and_marks_nothing(alice, browser, note, fans, up_to):
    like(note, fans[0])
    assert browser.post("/notifications/read/", {"up_to": up_to}).status_code == 400
    assert reading.unread_count(alice) == 1


def test_older_notices_follow_page_by_page_each_once(alice, browser, make_note, fans):
    notes = [make_note(alice, f"Note number {n}", ago=timedelta(days=3)) for n in range(85)]
    for n, note in enumerate(notes):
        like(note, fans[0], fans[1], at=NOON + timedelta(minutes=n // 2))
    address, met = "/notifications/", []
    while address:
        answer = browser.get(address)
        days = answer.context["days"]
        met += [group.head.note_id for _day, some in days for group in some]
        older = answer.context["older"]
        address = f"/notifications/?before={older}" if older else ""
    assert met == sorted(met, reverse=True)
    assert set(met) == {note.pk for note in notes}
    assert len(met) == len(notes)
    assert browser.get("/notifications/?before=no-such").status_code == 400


def test_the_page_asks_as_often_for_one_notice_as_for_many(alice, browser, make_note, fans):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page_of(browser)
        return len(asked)

    like(make_note(alice), fans[0])
    page_of(browser)
    before = queries()
    for n in range(12):
        like(make_note(alice, f"Number {n}"), *fans)
        tell(person_id=alice.pk, kind="follow", actor_id=fans[n].pk, now=timezone.now())
    assert queries() == before
    assert before <= 9


def test_the_bell_counts_to_a_hundred_and_asks_once(alice, browser, fans):
    def bell():
        with CaptureQueriesContext(connection) as asked:
            text = browser.get("/notifications/count/").content.decode()
        return text, [row for row in asked if "notification" in row["sql"]]

    assert bell()[0].strip() == ""
    rows = [
        Notification(person=alice, kind="brand", words="x", created_at=NOON) for _ in range(105)
    ]
    Notification.objects.bulk_create(rows[:7])
    assert ">7<" in bell()[0]
    Notification.objects.bulk_create(rows[7:])
    text, asked = bell()
    assert ">99+<" in text
    assert len(asked) == 1


# ---------------------------------------------------------------- programs
def test_programs_get_groups_and_mark_one_read(alice, note, fans, client):
    like(note, *fans)
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    [row] = client.get("/api/v1/notifications/groups/").json()["results"]
    assert row["text"] == "Fan 12 and 12 others liked your note"
    assert (row["people"], row["unread"], row["path"]) == (13, 13, f"/notes/{note.pk}/")
    assert [actor["username"] for actor in row["actors"]] == ["fan12", "fan11", "fan10"]
    assert len(client.get("/api/v1/notifications/").json()["results"]) == 13
    for body, left in (({"group": row["id"], "up_to": row["id"]}, 12), ({"group": row["id"]}, 0)):
        answer = client.post("/api/v1/notifications/read/", body, content_type="application/json")
        assert answer.json() == {"unread": left}
    refused = client.post(
        "/api/v1/notifications/read/", {"group": 999_999}, content_type="application/json"
    )
    assert refused.status_code == 404
