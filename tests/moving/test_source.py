"""The file that is moved is only read, by one who is alone with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from community.operations.moving.source import CannotMove, opened
from community.operations.moving.values import Column
from community.runner.folder import FolderLock

SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE django_migrations (app text, name text);
INSERT INTO django_migrations VALUES ('community', '0001_initial');
CREATE TABLE shell (id integer PRIMARY KEY AUTOINCREMENT, name varchar(5));
INSERT INTO shell (name) VALUES ('whelk'), (NULL), ('limpets'), ('gone');
DELETE FROM shell WHERE name = 'gone';
CREATE VIRTUAL TABLE words USING fts5(title);
"""
COLUMNS = [Column("id", "bigint"), Column("name", "character varying", 5)]


@pytest.fixture
def folder(tmp_path):
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as made:
        made.executescript(SCHEMA)
    return tmp_path


def test_rows_are_read_as_they_are_kept_there_and_what_does_not_fit_is_named(folder):
    before = (folder / "db.sqlite3").read_bytes()
    with opened(folder) as source:
        assert source.tables() == {"django_migrations", "shell", "words"}
        assert source.migrations() == {("community", "0001_initial")}
        assert source.columns("shell") == {"id", "name"}
        assert list(source.rows("shell", COLUMNS)) == [(1, "whelk"), (2, None)]
        assert source.unfit == ["shell.name, where id is 3: 7 letters where 5 have room"]
        assert source.last_numbers() == {"shell": 4}
    assert (folder / "db.sqlite3").read_bytes() == before


def test_what_is_written_meanwhile_is_noticed(folder):
    with pytest.raises(CannotMove, match="wrote to"):
        read_while_somebody_writes(folder)


def read_while_somebody_writes(folder):
    with opened(folder) as source:
        rows = source.rows("shell", COLUMNS)
        next(rows)
        with closing(sqlite3.connect(folder / "db.sqlite3")) as other, other:
            other.execute("INSERT INTO shell (name) VALUES ('late')")
        # What is read is of one moment nevertheless.
        assert len(list(rows)) == 1


def test_who_only_looks_disturbs_nobody(folder):
    with opened(folder), closing(sqlite3.connect(folder / "db.sqlite3")) as other:
        assert other.execute("SELECT count(*) FROM shell").fetchone() == (3,)


def test_a_folder_on_which_a_community_runs_is_left_alone(folder):
    lock = FolderLock(folder)
    lock.take(port=8000)
    try:
        with pytest.raises(CannotMove, match="already runs"), opened(folder):
            pass
    finally:
        lock.release()
    with opened(folder) as source:
        assert source.columns("shell")


@pytest.mark.parametrize("content", [None, b"", b"no database at all, but a text of some length"])
def test_what_is_no_community_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "db.sqlite3").write_bytes(content)
    with pytest.raises(CannotMove, match="no "), opened(tmp_path):
        pass


@pytest.mark.skipif(connection.vendor == "postgresql", reason="says what lacks without it")
@pytest.mark.parametrize("arguments", [[], ["--compare"]])
def test_without_a_postgresql_to_move_to_it_says_what_to_set(folder, arguments):
    with pytest.raises(CommandError, match="ROCKPOOL_DATABASE_URL"):
        call_command("move_database", "--from", str(folder), *arguments)
