"""What stands in an archive, what does not, and who gets it."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as conf
from django.core.management import call_command
from django.utils import timezone
from knox.models import AuthToken

from accounts.errors import NotFound
from accounts.limits import TooOften
from accounts.models import Profile, User
from accounts.owndata.sections import SECTIONS
from accounts.services import block_user, follow_user
from community.albums.services import AlbumContent, add_to_album, create_album
from community.archives import building, services, tasks
from community.archives.models import Archive
from community.messaging.services import Said, write_to
from community.models import Channel, NoteImage
from community.moderation.models import Decision
from community.notifications.models import Notification
from community.outbox import jobs
from community.outbox.models import Job
from community.services.comments import add_comment
from community.services.pictures import add_picture
from community.services.reactions import like_note
from community.services.writing import NoteContent, edit_note, save_draft
from feeds.models import Event, Interest
from tests.conftest import forget_all

from .conftest import PASSWORD, Opened, photo

# Tables that point at people and are in no archive, and why.
NOT_TOLD = {
    "accounts.User_groups": "what staff may do",
    "accounts.User_user_permissions": "what staff may do",
    "admin.LogEntry": "what staff did at the desk is the community's record",
    "account.EmailConfirmation": "a secret on its way",
    "community.IdempotentAnswer": "answers given before, for a day",
    "feeds.EventBatch": "answers given before, for a day",
    "feeds.TimelineEntry": "follows from whom one follows",
    "insights.StaleAudience": "a mark that figures are to be counted anew",
    "wallet.VoucherBatch": "made by staff",
    "artefacts.Artefact": "published by staff",
    "lexicon.TagBan": "banned by staff",
    "feeds.EnginePolicy": "published by staff",
    "lab.Replay": "asked by staff",
    "topics.TopicStep": "decided by staff",
    "topics.ScheduledEventVersion": "written by staff",
    "quality.ChannelBar": "set by staff",
    "trust.Ruling": "ruled by staff",
    "entry.NetworkBlock": "made by staff",
    "guardians.Pairing": "a secret for an hour",
    "oauth2_provider.Grant": "a secret on its way",
    "oauth2_provider.IDToken": "secrets; who may act stands with the programs",
    "oauth2_provider.DeviceGrant": "a way in that is not offered",
    "moderation.Case": "what staff look into",
    "moderation.CaseThing": "what staff look into, and who reported",
    "moderation.LogLine": "what staff did at the desk is the community's record",
    "rules.RuleChange": "decided by staff",
    "rules.DryRun": "asked by staff",
    "rules.DryHit": "a trial of staff's that did nothing",
}


def test_every_table_that_points_at_people_is_told_or_says_why_not():
    told = {model for section in SECTIONS.values() for model in section.models}
    pointing = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User
    }
    assert pointing - told - NOT_TOLD.keys() == set(), "tell it in own_data.py, or say why not"
    assert NOT_TOLD.keys() & told == set()
    assert told <= {model._meta.label for model in apps.get_models()}


@pytest.fixture
def much(alice, bob, charlie, make_person, make_note, work_off):
    """Alice with something of most things, among people who keep things to themselves."""
    note = make_note(alice, "Glazing my first bowl", visibility="followers")
    edit_note(
        author=alice, note_id=note.pk,
        content=NoteContent(title="Glazing my second bowl", body="Anew", tags=["glaze"]),
    )  # fmt: skip
    draft = save_draft(author=alice, content=NoteContent(title="Unfinished thoughts"))
    add_picture(author=alice, note_id=draft.pk, upload=photo(), name="pool.jpg", alt="A pool")
    jobs.work_off("media")
    his = make_note(bob, "What Bob thinks of kilns")
    secret = make_note(charlie, "Charlie's secret recipe", visibility="private")
    like_note(person=alice, note_id=his.pk)
    add_comment(author=alice, note_id=his.pk, body="A word of Alice's own")
    add_comment(author=bob, note_id=note.pk, body="Bob's words under it")
    album = create_album(owner=alice, content=AlbumContent(title="Bowls"))
    add_to_album(actor=alice, album_id=album.pk, note_id=his.pk)
    Event.objects.create(person=alice, note=secret, kind=Event.Kind.OPEN, at=timezone.now())
    Interest.objects.create(
        person=alice, kind=Interest.Kind.CHANNEL, weight=2.5,
        target=Channel.objects.get(slug="coffee").pk,
        as_of=timezone.now(), because="like", acts=3,
    )  # fmt: skip
    Decision.objects.create(
        note=note, act="keep", reason="It was fine", moderator=make_person("moderatrix"),
        decided_at=timezone.now(),
    )  # fmt: skip
    work_off()
    return note, draft, his


def test_an_archive_holds_what_a_person_made(alice, much, make_archive):
    note, draft, his = much
    opened = make_archive(alice)
    rows = {row["note"]: row for row in opened.rows("notes")}
    assert rows.keys() == {note.pk, draft.pk}
    assert rows[note.pk]["title"] == "Glazing my second bowl"
    assert [r["title"] for r in rows[note.pk]["revisions"]] == ["Glazing my first bowl"]
    assert rows[draft.pk]["state"] == "draft"
    (picture,) = rows[draft.pk]["pictures"]
    assert picture["alt"] == "A pool"
    assert opened.zip.read(picture["file"]).startswith(b"\xff\xd8")
    assert opened.one("comments")["body"] == "A word of Alice's own"
    assert opened.one("likes") | {"at": 0} == {
        "note": his.pk, "title": his.title, "author": "bob", "at": 0,
    }  # fmt: skip
    assert opened.one("albums")["notes"] == [his.pk]
    assert opened.one("account")["email"] == alice.email


def test_an_archive_holds_what_is_known_of_a_person_and_why(alice, much, make_archive):
    note, _draft, _his = much
    opened = make_archive(alice)
    (interest,) = [row for row in opened.rows("interests") if row["weight"] == 2.5]
    assert (interest["kind"], interest["name"], interest["because"], interest["acts"]) == (
        "channel", "coffee", "like", 3,
    )  # fmt: skip
    assert {row["kind"] for row in opened.rows("events")} >= {"open", "like"}
    assert opened.one("decisions")["reason"] == "It was fine"
    assert {row["note"] for row in opened.rows("quality")} == {note.pk}
    assert [row["person"] for row in opened.rows("followers")] == ["bob"]


def test_ones_own_messages_go_with_their_pictures_and_nobody_elses(alice, bob, make_archive):
    said = Said(body="Look at this glaze", uploads=[(photo(), "g.jpg")], alt="A glaze")
    follow_user(follower=bob, followed=alice)
    mine = write_to(sender=alice, username="bob", said=said)
    write_to(sender=bob, username="alice", said=Said(body="Bob's answer is his"))
    jobs.work_off("media")
    opened = make_archive(alice)
    row = opened.one("messages")
    assert (row["message"], row["body"]) == (mine.pk, "Look at this glaze")
    (picture,) = row["pictures"]
    assert picture["alt"] == "A glaze"
    assert opened.zip.read(picture["file"]).startswith(b"\xff\xd8")
    assert opened.one("conversations")["state"] == "active"
    assert "Bob's answer" not in opened.text


def test_it_says_itself_what_it_is(alice, much, make_archive):
    opened = make_archive(alice)
    manifest, schema = opened.json("archive.json"), opened.json("schema.json")
    assert manifest["format"] == "rockpool-archive/1"
    assert manifest["missing"] == []
    assert manifest["sections"] == {name: len(opened.rows(name)) for name in SECTIONS}
    for name in SECTIONS:
        keys = {key for row in opened.rows(name) for key in row}
        assert keys <= schema["sections"][name]["keys"].keys(), name
        assert all(schema["sections"][name]["keys"].values()), name
    readme = opened.zip.read("README.md").decode()
    assert "notes.jsonl | 2 |" in readme
    assert opened.zip.testzip() is None


def test_the_readme_speaks_the_language_of_its_person(make_person, make_archive):
    opened = make_archive(make_person("haitang", language="zh-hans"))
    assert "你" in opened.zip.read("README.md").decode()


# ---------------------------------------------------------------- what is others'
def test_nothing_of_what_others_keep_to_themselves_is_in_it(
    alice, bob, charlie, much, make_archive
):
    dora = User.objects.create_user("dora", "dora@example.org", PASSWORD)
    add_comment(author=dora, note_id=much[2].pk, body="Before we fell out", reply_to=None)
    block_user(blocker=dora, blocked=alice)
    text = make_archive(alice).text
    for secret in (
        "bob@example.org", "charlie@example.org", "dora@example.org",  # addresses
        "Charlie's secret recipe",  # a note she may not see, though she opened it once
        "Bob's words under it", "Before we fell out",  # what others wrote
        "moderatrix",  # who decided
        "dora",  # who blocks her
    ):  # fmt: skip
        assert secret not in text, secret
    # The control: what she may see is there.
    assert "What Bob thinks of kilns" in text
    assert alice.email in text


def test_no_secret_is_in_it(alice, make_archive, as_person):
    token, secret = AuthToken.objects.create(alice)
    client = as_person(alice)
    opened = make_archive(alice)
    assert opened.one("tokens")["begins_with"] == token.token_key
    assert len(opened.rows("sessions")) == 1
    for hidden in (secret, token.digest, alice.password, client.session.session_key):
        assert hidden not in opened.text


@pytest.mark.parametrize("model", ["community.Note", "community.Comment", "accounts.User"])
def test_two_people_have_nothing_of_each_other_in_their_archives(
    alice, bob, much, make_archive, model
):
    hers, his = make_archive(alice), make_archive(bob)
    ids = {"community.Note": "notes", "community.Comment": "comments", "accounts.User": "account"}
    section = ids[model]
    assert hers.rows(section) != his.rows(section)
    assert not [row for row in hers.rows(section) if row in his.rows(section)]


# ---------------------------------------------------------------- who gets it, and when
def confirm(client):
    return client.post("/account/reauthenticate/", {"password": PASSWORD})


def test_only_its_person_fetches_it_and_only_after_the_password(
    alice, bob, make_archive, as_person
):
    make_archive(alice)
    archive = Archive.objects.get()
    address = f"/settings/data/archive/{archive.pk}/"
    hers, his = as_person(alice), as_person(bob)
    confirm(his)
    assert his.get(address).status_code == 404
    asked = hers.get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/reauthenticate/")
    confirm(hers)
    answer = hers.get(address)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "private, no-store"
    assert "rockpool-alice-" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    assert Opened(data).one("account")["username"] == "alice"
    part = hers.get(address, headers={"Range": "bytes=10-19"})
    assert b"".join(part.streaming_content) == data[10:20]


def test_the_file_lies_where_only_the_community_reads(alice, make_archive):
    make_archive(alice)
    path = services.file_of(Archive.objects.get())
    assert conf.PRIVATE_ROOT in path.parents
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_a_week_it_is_gone_with_its_file(alice, make_archive):
    make_archive(alice)
    archive = Archive.objects.get()
    later = archive.ready_at + timedelta(days=7, seconds=1)
    with pytest.raises(NotFound):
        services.archive_to_fetch(alice, archive.pk, now=later)
    path = services.file_of(archive)
    assert building.expire(now=later - timedelta(seconds=2)) == 0
    assert path.exists()
    with time_machine.travel(later, tick=False):
        assert [tasks.expire.once(), tasks.expire.once()] == [1, 0]
    assert not path.exists()


def test_files_of_no_archive_are_removed_after_a_day(alice, make_archive):
    make_archive(alice)
    stray = services.folder() / "ab" / "abandoned.part"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    building.expire(now=timezone.now() + timedelta(hours=23))
    assert stray.exists()
    building.expire(now=timezone.now() + timedelta(hours=25))
    assert not stray.exists()
    assert services.file_of(Archive.objects.get()).exists()


def test_one_is_made_at_a_time_and_three_a_day(alice, as_person):
    client = as_person(alice)
    assert client.post("/settings/data/archive/").status_code == 303
    assert client.post("/settings/data/archive/").status_code == 409
    for _ in range(2):
        while jobs.work_off("archives"):
            pass
        services.ask_for_archive(person=alice, now=timezone.now())
    while jobs.work_off("archives"):
        pass
    with pytest.raises(TooOften):
        services.ask_for_archive(person=alice, now=timezone.now())
    assert Archive.objects.count() == 1  # the earlier ones made room


def test_its_person_is_told_where_it_is(alice, make_archive, as_person):
    make_archive(alice)
    told = Notification.objects.get(person=alice, kind="archive")
    assert told.path == "/settings/data/"
    page = as_person(alice).get("/settings/data/").content.decode()
    assert f"/settings/data/archive/{Archive.objects.get().pk}/" in page


# ---------------------------------------------------------------- what goes wrong
def test_a_job_that_runs_twice_makes_one_archive(alice, make_archive):
    make_archive(alice)
    archive = Archive.objects.get()
    before = services.file_of(archive).read_bytes()
    building.build(archive.pk)
    assert services.file_of(archive).read_bytes() == before
    assert Notification.objects.filter(kind="archive").count() == 1


def test_a_worker_that_died_half_way_leaves_a_job_that_begins_anew(alice):
    archive = services.ask_for_archive(person=alice, now=timezone.now())
    Archive.objects.update(state=Archive.State.BUILDING, done=3)
    services.part_of(archive).parent.mkdir(parents=True)
    services.part_of(archive).write_bytes(b"half")
    building.build(archive.pk)
    archive.refresh_from_db()
    assert archive.is_ready
    assert not services.part_of(archive).exists()


def test_thrown_away_while_it_is_made_it_leaves_nothing(alice, monkeypatch):
    archive = services.ask_for_archive(person=alice, now=timezone.now())
    monkeypatch.setattr(building, "TOLD_EVERY", timedelta(0))
    monkeypatch.setattr(
        building, "hold_on", lambda now: Archive.objects.filter(pk=archive.pk).delete()
    )
    building.build(archive.pk)
    assert not Archive.objects.exists()
    assert [path for path in services.folder().rglob("*") if path.is_file()] == []


def test_whoever_was_suspended_meanwhile_gets_none(alice):
    archive = services.ask_for_archive(person=alice, now=timezone.now())
    User.objects.filter(pk=alice.pk).update(is_active=False)
    building.build(archive.pk)
    archive.refresh_from_db()
    assert archive.state == Archive.State.FAILED
    assert [path for path in services.folder().rglob("*") if path.is_file()] == []


def test_a_full_disk_is_told_and_leaves_nothing(alice, monkeypatch, as_person):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    archive = services.ask_for_archive(person=alice, now=timezone.now())
    monkeypatch.setattr("community.archives.building.write_archive", full)
    jobs.work_off("archives")
    archive.refresh_from_db()
    assert (archive.state, archive.trouble) == (Archive.State.FAILED, Archive.Trouble.ROOM)
    assert not Job.objects.filter(kind="archives.build").exists()
    assert "no room" in as_person(alice).get("/settings/data/").content.decode()


def test_a_picture_that_is_gone_is_named_and_the_rest_is_there(alice, much, make_archive):
    image = NoteImage.objects.get(note=much[1], is_text_card=False)
    from community.services.pictures import renditions_path

    for path in renditions_path(image.token).iterdir():
        path.unlink()
    opened = make_archive(alice)
    assert opened.json("archive.json")["missing"] == [f"media/notes/{much[1].pk}/1.jpg"]
    assert len(opened.rows("notes")) == 2


def test_many_rows_are_read_in_pages(
    alice, make_person, make_archive, django_assert_max_num_queries
):
    people = User.objects.bulk_create(
        [User(username=f"p{n}", username_key=f"p{n}") for n in range(1_201)]
    )
    Profile.objects.bulk_create(Profile(person=person) for person in people)
    for person in people[:2]:
        follow_user(follower=alice, followed=person)
    from accounts.models import Follow

    Follow.objects.bulk_create(
        [Follow(follower=alice, followed=p, created_at=timezone.now()) for p in people[2:]]
    )
    with django_assert_max_num_queries(330):
        opened = make_archive(alice)
    assert len(opened.rows("follows")) == 1_201


# ---------------------------------------------------------------- programs
def test_a_program_asks_for_it_and_is_sent_to_the_page(alice, bob):
    from rest_framework.test import APIClient

    def program(person):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(person)[1]}")
        return client

    hers, his = program(alice), program(bob)
    asked = hers.post("/api/v1/me/archives/")
    assert asked.status_code == 202
    address = f"/api/v1/me/archives/{asked.json()['id']}/"
    assert hers.get(address).json()["page"] is None
    assert hers.post("/api/v1/me/archives/").status_code == 409
    while jobs.work_off("archives"):
        pass
    row = hers.get("/api/v1/me/archives/").json()["results"][0]
    assert (row["state"], row["percent"]) == ("ready", 100)
    assert row["page"] == f"/settings/data/archive/{row['id']}/"
    assert hers.get(row["page"]).status_code == 302  # a token opens no page
    assert his.get(address).status_code == his.delete(address).status_code == 404
    assert hers.delete(address).status_code == 204


def test_the_schema_of_the_interface_is_valid(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "s.yml"))


def test_rates_are_counted_for_each_person(alice, bob):
    forget_all()
    services.ask_for_archive(person=alice, now=timezone.now())
    services.ask_for_archive(person=bob, now=timezone.now())


def test_the_format_is_described_section_by_section_and_key_by_key():
    said = (Path(conf.BASE_DIR) / "docs" / "archive-format.md").read_text()
    for section in SECTIONS.values():
        (line,) = [
            row for row in said.splitlines() if row.startswith(f"| `{section.name}.jsonl` |")
        ]
        assert [key for key in section.meanings if f"`{key}`" not in line] == [], section.name
