"""A community moved from its SQLite file into PostgreSQL: every row arrives, and life goes on."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.wallet import append_only
from community.lexicon.models import Term
from community.models import Channel, Note
from community.operations.moving import steps, target
from community.outbox import jobs
from community.search import query
from community.services.writing import NoteContent, publish_note, save_draft
from feeds.invariants import audit
from tests.browser.open_community import ROOT, own_environment
from tests.template import template

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("ROCKPOOL_TEST_TEMPLATE"), reason="needs PostgreSQL: make test-scaled"
    ),
    pytest.mark.letter("F12"),
    pytest.mark.usefixtures("file_database"),
]


@pytest.fixture
def folder(tmp_path):
    """A data folder with a migrated database that nobody has written to."""
    found = tmp_path / "source"
    found.mkdir()
    shutil.copyfile(template(), found / "db.sqlite3")
    return found


def on_sqlite(folder, *command):
    """What a command of manage.py prints there."""
    told = own_environment() | {"ROCKPOOL_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=told, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def change(folder, *statements):
    """As somebody does whom nothing keeps from it."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        for statement in statements:
            database.execute(statement)


def moved(folder, *arguments):
    out = StringIO()
    call_command("move_database", "--from", str(folder), *arguments, stdout=out)
    return out.getvalue()


def dumped(text):
    """What Django's own dump says, which knows nothing of our digests; in the order of its keys."""
    rows = json.loads(text)
    return sorted(rows, key=lambda row: (row["model"], str(row["pk"])))


def found_by(words):
    return {pk for pk, _relevance in query.matches(query.ask(words), most=50)}


# ---------------------------------------------------------------- a living community
def test_a_community_that_was_moved_is_the_same_and_lives_on(folder, figure):
    on_sqlite(folder, "load_demo")
    before = (folder / "db.sqlite3").read_bytes()
    seen = json.loads(moved(folder, "--json"))
    assert (folder / "db.sqlite3").read_bytes() == before
    filled = [name for name, table in seen["tables"].items() if table["rows"]]
    assert (seen["rows"] > 20_000, len(filled) > 40, seen["different"]) == (True, True, [])
    figure(f"{seen['rows']:,} rows of {len(filled)} tables in {seen['seconds']} s, digests equal")
    there = StringIO()
    call_command("dumpdata", "--all", stdout=there)
    assert dumped(there.getvalue()) == dumped(on_sqlite(folder, "dumpdata", "--all"))
    a_planted_difference_is_found(folder)
    life_goes_on()


def a_planted_difference_is_found(folder):
    """The control: a blank, a microsecond, a row too many; each is taken back."""
    assert "Both sides are equal" in moved(folder, "--compare")
    for table, plant, take_back in (
        ("community_note", "UPDATE community_note SET body = body || ' '",
         "UPDATE community_note SET body = left(body, -1)"),
        ("brands_brand", "UPDATE brands_brand SET created_at = created_at + interval '1 us'",
         "UPDATE brands_brand SET created_at = created_at - interval '1 us'"),
        ("auth_group", "INSERT INTO auth_group (name) VALUES ('planted')",
         "DELETE FROM auth_group WHERE name = 'planted'"),
    ):  # fmt: skip
        on_postgresql(plant)
        with pytest.raises(CommandError, match=rf"differ in {table}\."):
            moved(folder, "--compare")
        on_postgresql(take_back)
    assert "Both sides are equal" in moved(folder, "--compare")


def life_goes_on():
    """Old notes are found, new ones get new numbers, logs stay appended, every figure agrees."""
    author = User.objects.exclude(notes=None).first()
    old = Note.objects.filter(author=author).published().first()
    assert old.pk in found_by(old.title)
    assert append_only.missing() == []
    newest = Note.objects.latest("pk").pk
    content = NoteContent(
        title="Moved with the tide", body="Sandhopper", channel=Channel.objects.first()
    )
    new = publish_note(author=author, note_id=save_draft(author=author, content=content).pk)
    assert new.pk > newest
    while jobs.work_off("fanout") or jobs.work_off("default") or jobs.work_off("feeds"):
        pass
    assert found_by("sandhopper") == {new.pk}
    assert not any(audit(now=timezone.now()).values())


# ---------------------------------------------------------------- what goes wrong
def test_a_move_that_is_cut_off_leaves_nothing_and_begins_anew(folder):
    def cut_off(said):
        if "lexicon_term" in said:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        steps.move(folder, say=cut_off)
    assert target.written(target.tables()) == []
    assert "Both sides are equal" in moved(folder)


def test_numbers_of_what_is_gone_come_to_nobody_again(folder):
    change(folder, "UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'community_note'",
           "INSERT INTO sqlite_sequence SELECT 'community_note', 4711 WHERE NOT EXISTS"
           " (SELECT 1 FROM sqlite_sequence WHERE name = 'community_note')")  # fmt: skip
    moved(folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('community_note', 'id'))")
        assert cursor.fetchone() == (4712,)


def test_where_somebody_lives_nothing_is_moved_to(folder, make_person):
    make_person("alice")
    with pytest.raises(CommandError, match=r"not empty: there are rows in .*accounts_user"):
        moved(folder)
    assert User.objects.get().username == "alice"


CANNOT_BE_MOVED = {
    "a NUL": (
        "UPDATE community_channel SET slug = 'a' || char(0) WHERE id = 1",
        r"community_channel\.slug, where id is 1: a NUL",
    ),
    "too long": (
        "UPDATE lexicon_term SET name = printf('%.*c', 900, 'x') WHERE id = 1",
        r"lexicon_term\.name, where id is 1: 900 letters where",
    ),
    "refers to nothing": (
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (1, 999999)",
        r"refer to what is not there.*999999",
    ),
    "a stranger": ("CREATE TABLE somebody_s (id integer)", r"none of Rockpool's: somebody_s"),
    "newer code": (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('community', '9999_far', '')",
        r"PostgreSQL lacks community\.9999_far",
    ),
    "older code": (
        "DELETE FROM django_migrations WHERE app = 'wallet'", r"older code: it lacks wallet",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CANNOT_BE_MOVED)
def test_what_cannot_be_moved_is_named_and_nothing_is_kept(folder, what):
    statement, says = CANNOT_BE_MOVED[what]
    change(folder, statement)
    with pytest.raises(CommandError, match=f"(?s){says}"):
        moved(folder)
    assert target.written(target.tables()) == []
    assert Term.objects.exists()


def on_postgresql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
