"""Closing an account, coming back, and what is left of who is gone: nothing but the list."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as conf
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.departures import services
from accounts.departures.models import Departure
from accounts.errors import NotFound
from accounts.limits import TooOften
from accounts.models import Follow, Profile, User
from accounts.services import block_user, follow_user, mute_user
from accounts.wallet import services as wallet
from community.albums.models import AlbumNote
from community.albums.services import AlbumContent, add_to_album, create_album
from community.archives.services import ask_for_archive, file_of
from community.brands.models import Brand
from community.brands.services import BrandPage, open_brand
from community.brands.team import accept, invite
from community.departures import tasks, work
from community.models import Comment, Note, NoteImage, NoteStats
from community.moderation.reports import report_note
from community.notifications.models import Notification
from community.outbox import jobs
from community.services.comments import add_comment
from community.services.pictures import add_picture, renditions_path
from community.services.reactions import collect_note, like_comment, like_note
from community.services.sharing import share_note
from feeds.invariants import audit
from feeds.models import Event, Impression, Interest, LessOf, PoolDelivery, PoolEntry
from feeds.searches.models import SearchLog
from tests.archives.conftest import PASSWORD, photo

NAME, WORD, COMMENT = "zyxwombat", "quokkatitle", "numbatcomment"
DAYS = timedelta(days=14)


@pytest.fixture
def life(make_person, alice, bob, charlie, make_note, work_off):
    """Wombat with a part in everything, among people with a part in Wombat's things."""
    now = timezone.now()
    me = make_person(NAME, display_name="Wombat Zyx", bio=f"I am {NAME}")
    follow_user(follower=me, followed=alice)
    follow_user(follower=bob, followed=me)
    follow_user(follower=charlie, followed=me)
    block_user(blocker=me, blocked=make_person("dora"))
    mute_user(muter=me, muted=charlie)
    note = make_note(me, f"My {WORD}", body=f"All about the {WORD}")
    draft = make_note(me, f"Draft of {WORD}", publish=False)
    add_picture(author=me, note_id=draft.pk, upload=photo(), name="pool.jpg", alt=WORD)
    jobs.work_off("media")
    hers = make_note(alice, "Alice's bowl")
    like_note(person=bob, note_id=note.pk)
    add_comment(author=bob, note_id=note.pk, body="Nice")
    for act in (like_note, collect_note, share_note):
        act(person=me, note_id=hers.pk)
    mine = add_comment(author=me, note_id=hers.pk, body=f"{COMMENT} one")
    add_comment(author=bob, note_id=hers.pk, body="I think so too", reply_to=mine.pk)
    add_comment(author=me, note_id=hers.pk, body=f"{COMMENT} two", reply_to=mine.pk)
    add_comment(author=me, note_id=hers.pk, body=f"{COMMENT} three")
    his = add_comment(author=bob, note_id=hers.pk, body="Another")
    like_comment(person=me, comment_id=his.pk)
    like_comment(person=bob, comment_id=mine.pk)
    album = create_album(owner=me, content=AlbumContent(title=f"Album of {WORD}"))
    add_to_album(actor=me, album_id=album.pk, note_id=hers.pk)
    bobs = create_album(owner=bob, content=AlbumContent(title="Bob's"))
    for one in (note, hers):
        add_to_album(actor=bob, album_id=bobs.pk, note_id=one.pk)
    AuthToken.objects.create(me)
    report_note(reporter=me, note_id=hers.pk, reason="spam", now=now)
    SearchLog.objects.create(
        person=me, text=WORD, key=WORD, kind="notes", results=1, at=now, digested=True
    )
    LessOf.objects.create(person=bob, kind=LessOf.Kind.AUTHOR, target=me.pk, created_at=now)
    Interest.objects.create(
        person=bob, kind=Interest.Kind.AUTHOR, target=me.pk, weight=1, as_of=now, because="like"
    )
    work_off()
    entry = PoolEntry.objects.get(note=hers)
    PoolDelivery.objects.create(note=hers, tier=entry.tier, person=me, reserved_at=now, seen_at=now)
    PoolEntry.objects.filter(pk=entry.pk).update(delivered=models.F("delivered") + 1)
    Impression.objects.create(person=me, note=hers, feed="discover", at=now)
    work_off()
    return SimpleNamespace(
        me=me, note=note, draft=draft, hers=hers, mine=mine, album=album, bobs=bobs, bob=bob,
        alice=alice, charlie=charlie,
    )  # fmt: skip


def go(me):
    """Leave, and let the time pass until the work is done."""
    departure = services.ask_to_leave(person=me, now=timezone.now())
    do_jobs()
    work.leave(departure.pk, now=departure.due_at)
    do_jobs()
    departure.refresh_from_db()
    assert departure.state == Departure.State.GONE
    return departure


def do_jobs():
    for queue in ("feeds", "fanout", "default"):
        while jobs.work_off(queue):
            pass


def columns_with(person_id, words):
    """(model, column, value) of every row that still knows the person: by number or by word."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in {"sessions.Session", "outbox.Job", "outbox.ScheduleSlot"}:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        about_people = {
            field.attname
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is User
        } | {"target"} & set(names)
        if model is User:
            about_people.add("id")
        for row in model._base_manager.values(*names):
            for name, value in row.items():
                text = said(value)
                if name in about_people and value == person_id:
                    found.add((model._meta.label, name))
                found |= {(model._meta.label, name) for word in words if word.casefold() in text}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM community_notesearch")
        for row in cursor.fetchall():
            found |= {("search", "row") for word in words if word in said(row)}
    return found


def said(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1").casefold()
    if isinstance(value, datetime | date | int | float | type(None)):
        return ""
    return (value if isinstance(value, str) else json.dumps(value, default=str)).casefold()


WORDS = (NAME, "wombat zyx", WORD, COMMENT)


def test_nothing_of_somebody_who_is_gone_is_left_but_the_place_of_an_answered_comment(life):
    files = [path for path in conf.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert files
    # The control: the scan finds what is there.
    before = columns_with(life.me.pk, WORDS)
    assert {("accounts.User", "email"), ("community.Note", "title"), ("search", "row"),
            ("accounts.Follow", "followed_id"), ("feeds.Interest", "target")} <= before  # fmt: skip
    departure = go(life.me)
    assert departure.kept_row  # bob's answer hangs on a comment of theirs
    assert columns_with(life.me.pk, WORDS) == {
        ("accounts.User", "id"), ("accounts.Profile", "person_id"),
        ("community.Comment", "author_id"),
    }  # fmt: skip
    assert [path for path in files if path.exists()] == []
    gone = Comment.objects.get(pk=life.mine.pk)
    assert (gone.body, gone.likes, gone.deleted_at is None) == ("", 0, False)
    emptied = User.objects.get(pk=life.me.pk)
    assert (emptied.email, emptied.is_active, emptied.has_usable_password()) == ("", False, False)


def test_without_answers_and_money_not_even_the_number_is_left(life):
    Comment.objects.filter(author=life.bob).delete()
    NoteStats.objects.filter(note=life.hers).update(comments=3)
    NoteStats.objects.filter(note=life.note).update(comments=0)
    assert not go(life.me).kept_row
    assert columns_with(life.me.pk, WORDS) == set()


def test_with_money_the_ledger_stays_under_a_number_and_still_balances(life, make_person):
    wallet.top_up(person=life.me, amount=500, key="gift", source="staff", now=timezone.now())
    go(life.me)
    left = columns_with(life.me.pk, WORDS)
    assert ("wallet.Account", "person_id") in left
    assert {label for label, _name in left} <= {
        "accounts.User", "accounts.Profile", "community.Comment", "wallet.Account", "wallet.Entry",
    }  # fmt: skip
    assert broken() == {}


def broken():
    return {name: rows for name, rows in audit(now=timezone.now()).items() if rows}


def test_all_counts_of_others_are_exact_afterwards(life):
    assert broken() == {}
    go(life.me)
    assert broken() == {}
    stats = NoteStats.objects.get(note=life.hers)
    assert (stats.likes, stats.collects, stats.shares, stats.comments) == (0, 0, 0, 2)
    profile = Profile.objects.get(person=life.alice)
    assert profile.followers_count == Follow.objects.filter(followed=life.alice).count() == 1
    assert Profile.objects.get(person=life.charlie).following_count == 0
    entries = AlbumNote.objects.filter(album=life.bobs)
    assert list(entries.values_list("note", "position")) == [(life.hers.pk, 0)]
    assert PoolEntry.objects.get(note=life.hers).delivered == 1
    assert Event.objects.filter(note=life.hers, person=None).exists()


def test_the_audit_would_have_found_a_miscount(life):
    """The control of the one above."""
    go(life.me)
    NoteStats.objects.filter(note=life.hers).update(likes=7)
    assert "count: likes of notes" in broken()


def test_notices_that_they_caused_go_with_them(life):
    assert Notification.objects.filter(actor=life.me).exists()
    go(life.me)
    assert not Notification.objects.filter(person=life.alice, actor=life.me).exists()


def test_an_answered_comment_keeps_its_place_without_its_words(life, client):
    go(life.me)
    page = client.get(f"/notes/{life.hers.pk}/comments/").content.decode()
    assert "I think so too" in page
    assert COMMENT not in page
    assert "gone-" not in page


def test_archives_and_brands_of_their_own_go_too(life):
    archive = ask_for_archive(person=life.me, now=timezone.now())
    while jobs.work_off("archives"):
        pass
    path = file_of(archive)
    assert path.exists()
    now = timezone.now()
    brand = open_brand(owner=life.me, slug="kilnkiln", page=BrandPage(name="Kiln"), now=now)
    go(life.me)
    assert not path.exists()
    assert not Brand.objects.filter(pk=brand.pk).exists()


# ---------------------------------------------------------------- again, half-way, and at size
def test_the_work_is_done_once_and_a_second_time_changes_nothing(life):
    departure = go(life.me)
    people = User.objects.count()
    work.leave(departure.pk, now=departure.due_at)
    with time_machine.travel(departure.due_at + timedelta(hours=1), tick=True):
        assert [tasks.look.once(), tasks.look.once()] == [0, 0]
    assert User.objects.count() == people


def test_a_worker_that_dies_again_and_again_leaves_work_that_goes_on(life, monkeypatch):
    class Killed(BaseException):
        pass

    departure = services.ask_to_leave(person=life.me, now=timezone.now())
    do_jobs()
    deaths = 0
    for life_span in range(1, 500):
        breaths = iter(range(life_span))

        def hold_on(now, breaths=breaths):
            if next(breaths, None) is None:
                raise Killed

        monkeypatch.setattr(work, "hold_on", hold_on)
        try:
            work.leave(departure.pk, now=departure.due_at)
        except Killed:
            deaths += 1
        else:
            break
    assert deaths > 20
    departure.refresh_from_db()
    assert departure.state == Departure.State.GONE
    do_jobs()
    assert broken() == {}
    assert len(columns_with(life.me.pk, WORDS)) == 3


@pytest.mark.letter("F14")
def test_an_account_with_a_thousand_notes_is_closed_quickly_and_gone_later(
    make_person, channel, figure
):
    """The answer within a second, files and rows when its time has come."""
    me, now = make_person(NAME), timezone.now()
    rows = [
        Note(author=me, title=f"{WORD} {n}", channel=channel, state="published", created_at=now,
             published_at=now)
        for n in range(1_000)
    ]  # fmt: skip
    notes = Note.objects.bulk_create(rows)
    NoteStats.objects.bulk_create([NoteStats(note=note) for note in notes])
    images = [
        NoteImage(note=note, position=0, token=f"token{note.pk}", state="ready", created_at=now)
        for note in notes
    ]
    NoteImage.objects.bulk_create(images)
    for image in images:
        folder = renditions_path(image.token)
        folder.mkdir(parents=True)
        (folder / "480.jpeg").write_bytes(b"x")
    # Of the processor: other work on the machine is no part of it.
    begun = time.process_time()
    departure = services.ask_to_leave(person=me, now=now)
    answered = time.process_time() - begun
    assert not Note.objects.visible_to(None).exists()
    begun = time.process_time()
    work.leave(departure.pk, now=departure.due_at)
    done = time.process_time() - begun
    figure(f"answer {answered:.3f} s; 1,000 notes and files gone in {done:.1f} s")
    assert answered <= 1
    assert done <= 60
    assert not Note.objects.exists()
    assert [path for path in conf.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    while jobs.work_off("default"):
        pass
    assert columns_with(me.pk, WORDS) == set()


# ---------------------------------------------------------------- the pages, and coming back
@pytest.fixture
def hers(life):
    client = Client()
    client.force_login(life.me, backend="accounts.backends.PersonBackend")
    return client


def test_by_page_the_password_is_asked_and_the_box_has_to_be_ticked(life, hers):
    assert hers.get("/settings/data/leave/")["Location"].startswith("/account/reauthenticate/")
    hers.post("/account/reauthenticate/", {"password": PASSWORD})
    page = hers.get("/settings/data/leave/").content.decode()
    assert "What stays, and why" in page
    assert hers.post("/settings/data/leave/").status_code == 400
    assert User.objects.get(pk=life.me.pk).is_active
    left = hers.post("/settings/data/leave/", {"sure": "yes"})
    assert left.status_code == 200
    assert not User.objects.get(pk=life.me.pk).is_active
    assert hers.get("/settings/").status_code == 302
    assert Client().get(f"/people/{NAME}/").status_code == 404
    assert Client().get(f"/notes/{life.note.pk}/").status_code == 404


def test_at_the_next_log_in_they_may_come_back_and_everything_is_there(life, hers):
    services.ask_to_leave(person=life.me, now=timezone.now())
    browser = Client()
    answer = browser.post("/account/login/", {"login": NAME, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/come-back/")
    assert NAME in browser.get("/come-back/").content.decode()
    assert User.objects.get(pk=life.me.pk).is_active is False  # asked, not done by looking
    assert browser.post("/come-back/").status_code == 303
    browser.post("/account/login/", {"login": NAME, "password": PASSWORD})
    assert WORD in browser.get(f"/notes/{life.note.pk}/").content.decode()
    assert Client().get(f"/notes/{life.note.pk}/").status_code == 200
    assert not Departure.objects.exists()


def test_a_wrong_password_opens_no_way_back_and_neither_does_the_address_alone(life):
    services.ask_to_leave(person=life.me, now=timezone.now())
    browser = Client()
    browser.post("/account/login/", {"login": NAME, "password": "wrong"})
    for ask in (browser.get, browser.post):
        assert ask("/come-back/")["Location"].startswith("/account/login/")
    assert Departure.objects.filter(person=life.me).exists()


def test_a_suspended_account_is_offered_no_way_back(alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    answer = Client().post("/account/login/", {"login": "alice", "password": PASSWORD})
    assert answer["Location"] == "/account/inactive/"


def test_when_its_time_has_come_it_cannot_be_undone(life):
    departure = services.ask_to_leave(person=life.me, now=timezone.now())
    with time_machine.travel(departure.due_at - timedelta(minutes=1), tick=False):
        assert tasks.look.once() == 0
    with time_machine.travel(departure.due_at + timedelta(minutes=1), tick=False):
        assert tasks.look.once() == 1
    Departure.objects.filter(pk=departure.pk).update(state=Departure.State.LEAVING)
    with pytest.raises(NotFound):
        services.come_back(person=life.me, now=timezone.now())


def test_before_its_time_the_work_does_nothing(life):
    departure = services.ask_to_leave(person=life.me, now=timezone.now())
    work.leave(departure.pk, now=departure.due_at - timedelta(seconds=1))
    assert Note.objects.filter(author=life.me).count() == 2


def test_who_has_something_to_settle_is_told_what(life, make_person):
    now = timezone.now()
    brand = open_brand(owner=life.me, slug="kilnkiln", page=BrandPage(name="Kiln"), now=now)
    asked = invite(actor=life.me, slug=brand.slug, username="bob", role="editor", now=now)
    accept(person=life.bob, invitation_id=asked.pk, now=timezone.now())
    with pytest.raises(services.SettleFirst, match="Kiln"):
        services.ask_to_leave(person=life.me, now=timezone.now())
    User.objects.filter(pk=life.alice.pk).update(is_staff=True)
    life.alice.refresh_from_db()
    with pytest.raises(services.SettleFirst, match="staff"):
        services.ask_to_leave(person=life.alice, now=timezone.now())
    assert not Departure.objects.exists()


def test_a_program_needs_the_password_and_is_shut_out_afterwards(alice):
    secret = AuthToken.objects.create(alice)[1]
    program = Client(headers={"Authorization": f"Token {secret}"})

    def leave(password):
        body = {"password": password}
        return program.post("/api/v1/me/departure/", body, content_type="application/json")

    assert leave("guess").status_code == 403
    assert leave(PASSWORD).status_code == 202
    assert program.get("/api/v1/me/").status_code == 401


def test_guessing_the_password_is_limited(alice):
    for _ in range(10):
        with pytest.raises(services.WrongPassword):
            services.check_password(person=alice, password="guess")
    with pytest.raises(TooOften):
        services.check_password(person=alice, password=PASSWORD)
