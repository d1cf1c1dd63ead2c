"""A backup under writes gives back every acknowledged row; a hostile archive gives nothing."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from community.databases import SQLITE
from community.operations import backup as backups
from community.operations import installation
from community.operations.backup import BackupFailed, Sources, forget_older, make_backup
from community.operations.in_use import has_open_database
from community.operations.manifest import Manifest, NotABackup, is_safe
from community.operations.restore import RestoreRefused, check_archive, restore

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
# Writes rows of increasing numbers as fast as it can, and says each only when it is committed.
WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
number = 0
while True:
    number += 1
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO note(writer, number, text) VALUES (?, ?, ?)",
               (sys.argv[2], number, "tide " * 80))
    db.execute("UPDATE total SET rows = rows + 1")
    db.execute("COMMIT")
    print(number, flush=True)
"""
HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1]); db.execute("SELECT count(*) FROM note").fetchone()
print("open", flush=True); sys.stdin.read()
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small data folder with a database in WAL, files and keys."""
    folder = tmp_path / "house"
    for name in ("media/notes/ab", "private/archives", "models"):
        (folder / name).mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as db:
        db.executescript(
            "PRAGMA journal_mode=WAL;"
            "CREATE TABLE note(id INTEGER PRIMARY KEY, writer TEXT, number INTEGER, text TEXT);"
            "CREATE TABLE total(rows INTEGER); INSERT INTO total VALUES (0);"
        )
    (folder / "media/notes/ab/picture.avif").write_bytes(os.urandom(50_000))
    (folder / "media/empty").write_bytes(b"")
    (folder / "private/archives/1.zip").write_bytes(b"private")
    (folder / "models/1.npy").write_bytes(b"model")
    (folder / "secret_key").write_text("the-signing-key")
    return folder


def sources_of(house: Path, **changes: object) -> Sources:
    found = Sources(
        database=house / "db.sqlite3",
        folders={name: house / name for name in ("media", "private", "models")},
        keys_folder=house,
        signing_key="the-signing-key",
        key_from_environment=False,
        version="1",
    )
    return replace(found, **changes)


def bring_back(source: Path, folder: Path, **changes: object) -> object:
    said = {"replace": False, "signing_key": "", "known_migrations": set(), "now": NOW}
    return restore(source, folder, **(said | changes))


def test_a_backup_during_writes_has_every_row_acknowledged_before_it(
    house: Path, tmp_path: Path
) -> None:
    database = house / "db.sqlite3"
    with contextlib.ExitStack() as stack:
        writers = []
        for name in ("a", "b"):
            command = [sys.executable, "-c", WRITER, str(database), name]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            stack.callback(writer.wait)
            stack.callback(writer.kill)
            writers.append((name, writer))
        for round_number in range(5):
            acknowledged = {name: _read_for(writer, 0.2) for name, writer in writers}
            made = make_backup(
                sources_of(house), tmp_path, now=NOW + timedelta(seconds=round_number)
            )
            folder = tmp_path / f"restored-{round_number}"
            bring_back(made.path, folder)
            _judge_copy(folder / "db.sqlite3", acknowledged)


def _read_for(writer: subprocess.Popen[str], seconds: float) -> int:
    """The last number a writer has said after some time; it has to have written meanwhile."""
    assert writer.stdout is not None
    give_up, last = time.monotonic() + seconds, 0
    while time.monotonic() < give_up:
        last = int(writer.stdout.readline())
    assert last
    return last


def _judge_copy(database: Path, acknowledged: dict[str, int]) -> None:
    with contextlib.closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = db.execute("SELECT writer, count(*), max(number) FROM note GROUP BY writer")
        found = {writer: (count, most) for writer, count, most in rows}
        for writer, number in acknowledged.items():
            count, most = found[writer]
            assert count == most >= number
        # One moment: the rows and what another table says of them.
        total = db.execute("SELECT rows FROM total").fetchone()[0]
        assert total == sum(count for count, _most in found.values())


def test_everything_comes_back_as_it_was(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    restored = bring_back(made.path, tmp_path / "new")
    assert restored.other_key is False
    assert restored.aside is None
    for name in ("media/notes/ab/picture.avif", "media/empty", "private/archives/1.zip",
                 "models/1.npy", "secret_key"):  # fmt: skip
        assert (tmp_path / "new" / name).read_bytes() == (house / name).read_bytes()
    for name in ("secret_key", "db.sqlite3", "private/archives/1.zip"):
        assert stat.S_IMODE((tmp_path / "new" / name).stat().st_mode) == 0o600
    assert {p.name for p in tmp_path.iterdir()} == {"house", "b.zip", "new"}


def test_keys_may_stay_at_home_and_another_key_is_told(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house, keys_folder=None), tmp_path / "b.zip", now=NOW)
    assert made.manifest.keys.included is False
    with zipfile.ZipFile(made.path) as archive:
        assert not [name for name in archive.namelist() if name.startswith("keys/")]
        assert b"the-signing-key" not in archive.read("manifest.json")
    assert bring_back(made.path, tmp_path / "new").other_key is True
    same = bring_back(made.path, tmp_path / "same", signing_key="the-signing-key")
    assert same.other_key is False


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_made(
    house: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    with pytest.raises(BackupFailed, match="never overwrites"):
        make_backup(sources_of(house), taken, now=NOW)
    with pytest.raises(BackupFailed, match="no database"):
        make_backup(sources_of(house, database=tmp_path / "none"), tmp_path / "b.zip", now=NOW)
    assert taken.read_text() == "mine"
    assert {p.name for p in tmp_path.iterdir()} == {"house", "taken.zip"}


def test_an_empty_database_is_no_backup(house: Path, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    with pytest.raises(BackupFailed, match="is empty"):
        make_backup(
            sources_of(house, database=tmp_path / "empty.sqlite3"), tmp_path / "b.zip", now=NOW
        )
    assert not (tmp_path / "b.zip").exists()


def test_a_damaged_database_is_not_backed_up(house: Path, tmp_path: Path) -> None:
    database = house / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(database)) as db:
        db.executemany("INSERT INTO note(text) VALUES (?)", [("tide " * 200,)] * 200)
        db.execute("CREATE INDEX by_text ON note(text)")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(database, "r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 3)
    with pytest.raises(BackupFailed, match=r"damaged|malformed"):
        make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert not (tmp_path / "b.zip").exists()


def test_links_are_never_followed(house: Path, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "passwords").write_text("hunter2")
    (house / "media/link").symlink_to(secret / "passwords")
    (house / "media/folder").symlink_to(secret)
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert made.manifest.links == 2
    assert b"hunter2" not in made.path.read_bytes()


def test_a_file_that_is_deleted_meanwhile_is_counted(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files_in = backups._Writer._files_in

    def delete_first(self: backups._Writer, folder: Path) -> object:
        for path in list(files_in(self, folder)):
            if path.name == "empty":
                path.unlink()
            yield path

    monkeypatch.setattr(backups._Writer, "_files_in", delete_first)
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert made.manifest.gone == 1
    bring_back(made.path, tmp_path / "new")


def test_a_folder_with_something_in_it_is_refused_unless_told(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    there = tmp_path / "there"
    (there / "media").mkdir(parents=True)
    (there / "media/old").write_text("old")
    (there / "cache.sqlite3").write_text("of the old database")
    with pytest.raises(RestoreRefused, match="not empty"):
        bring_back(made.path, there)
    assert not (there / "db.sqlite3").exists()
    restored = bring_back(made.path, there, replace=True)
    assert (restored.aside / "media/old").read_text() == "old"
    assert (restored.aside / "cache.sqlite3").exists()
    assert not (there / "media/old").exists()
    assert not (there / "cache.sqlite3").exists()


def test_a_folder_in_use_is_refused(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert not has_open_database(house)
    command = [sys.executable, "-c", HOLDER, str(house / "db.sqlite3")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(RestoreRefused, match="open"):
            bring_back(made.path, house, replace=True)
        holder.stdin.close()
    assert bring_back(made.path, house, replace=True).aside


def test_a_running_rockpool_keeps_its_folder(house: Path, tmp_path: Path) -> None:
    from community.runner.folder import FolderLock

    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    lock = FolderLock(house)
    lock.take(port=8000)
    with pytest.raises(RestoreRefused, match="already runs"):
        bring_back(made.path, house, replace=True)
    lock.release()


def test_older_backups_are_forgotten_and_nothing_else(tmp_path: Path) -> None:
    for name in ("rockpool-20260601T120000Z.zip", "rockpool-20260602T120000Z.zip",
                 "rockpool-20260603T120000Z.zip", "rockpool-of-my-own.zip"):  # fmt: skip
        (tmp_path / name).touch()
    gone = forget_older(tmp_path, keep=2)
    assert [path.name for path in gone] == ["rockpool-20260601T120000Z.zip"]
    assert (tmp_path / "rockpool-of-my-own.zip").exists()


def test_an_older_backup_that_stays_is_told_beside_the_one_that_was_made(tmp_path: Path) -> None:
    (tmp_path / "rockpool-20260602T120000Z.zip").touch()
    (tmp_path / "rockpool-20260601T120000Z.zip").mkdir()  # what unlink refuses
    with pytest.raises(BackupFailed, match=r"was made; an older one stays: .*20260601"):
        forget_older(tmp_path, keep=1)


def rewritten(source: Path, change: object) -> Path:
    """The archive with its entries changed: change(entries) gets and returns {name: bytes}."""
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    into = source.with_name("hostile.zip")
    into.unlink(missing_ok=True)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in change(entries).items():
            archive.writestr(name, body)
    return into


def with_manifest(entries: dict, **changes: object) -> dict:
    return entries | {
        "manifest.json": json.dumps(json.loads(entries["manifest.json"]) | changes).encode()
    }


def with_file(entries: dict, name: str, body: bytes, **item: object) -> dict:
    said = json.loads(entries["manifest.json"])
    said["files"].append({"name": name, "size": len(body), "sha256": "0" * 64} | item)
    return entries | {"manifest.json": json.dumps(said).encode(), name: body}


HOSTILE = {
    "no manifest": lambda e: {name: body for name, body in e.items() if name != "manifest.json"},
    "another format": lambda e: with_manifest(e, format="rockpool-backup/9"),
    "not JSON": lambda e: e | {"manifest.json": b"{"},
    "deep JSON": lambda e: e | {"manifest.json": b"[" * 200_000},
    "a list": lambda e: e | {"manifest.json": b"[]"},
    "climbing up": lambda e: with_file(e, "media/../../../escaped", b"x"),
    "an absolute path": lambda e: with_file(e, "/escaped", b"x"),
    "another folder": lambda e: with_file(e, "feeds/escaped.py", b"x"),
    "another key": lambda e: with_file(e, "keys/authorized_keys", b"x"),
    "a backslash": lambda e: with_file(e, "media\\..\\escaped", b"x"),
    "a long name": lambda e: with_file(e, "media/" + "x" * 300, b"x"),
    "a file as a folder": lambda e: with_file(
        with_file(e, "media/x", b"x"), "media/x/y", b"x"
    ),
    "not in the manifest": lambda e: e | {"media/more": b"x"},
    "missing": lambda e: {name: body for name, body in e.items() if name != "models/1.npy"},
    "changed": lambda e: e | {"models/1.npy": b"other"},
    "longer": lambda e: e | {"models/1.npy": b"model and more"},
    "negative": lambda e: with_file(e, "media/x", b"x", size=-1),
    "of newer code": lambda e: with_manifest(e, migrations={"feeds": "9999_future"}),
    "no database": lambda e: with_manifest(
        {name: body for name, body in e.items() if not name.startswith("database/")},
        files=[f for f in json.loads(e["manifest.json"])["files"] if "database" not in f["name"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_changes_nothing(house: Path, tmp_path: Path, kind: str) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    hostile = rewritten(made.path, HOSTILE[kind])
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine").write_text("mine")
    with pytest.raises(RestoreRefused):
        bring_back(hostile, there, replace=True)
    with pytest.raises(RestoreRefused):
        check_archive(hostile, known_migrations=set())
    assert {p.name for p in there.iterdir()} == {"mine"}
    assert not list(tmp_path.rglob("escaped*"))


def test_the_same_rewriting_without_a_change_is_taken(house: Path, tmp_path: Path) -> None:
    """The control: what refuses above is the change, and not the rewriting."""
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    bring_back(rewritten(made.path, lambda entries: entries), tmp_path / "new")


def test_links_in_an_archive_are_refused(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    link = zipfile.ZipInfo("media/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(made.path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(RestoreRefused, match="no plain file"):
        bring_back(made.path, tmp_path / "new")


def test_a_bomb_is_refused_before_it_is_unpacked(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    bomb = rewritten(made.path, lambda e: with_file(e, "media/bomb", b"\0" * 30_000_000))
    assert bomb.stat().st_size < 200_000
    usage = type("Usage", (), {"free": 220_000_000})
    monkeypatch.setattr("community.operations.restore.shutil.disk_usage", lambda path: usage)
    with pytest.raises(RestoreRefused, match="free"):
        bring_back(bomb, tmp_path / "new")
    assert not (tmp_path / "new" / "media").exists()


def test_a_file_that_lies_about_its_size_in_the_list_is_found(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    bomb = rewritten(made.path, lambda e: with_file(e, "media/bomb", b"\0" * 5_000_000))
    data = bytearray(bomb.read_bytes())
    # The central directory's size of the last file, made small; the manifest agrees with it.
    data = data.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    bomb.write_bytes(data)
    lying = tmp_path / "lying.zip"
    with zipfile.ZipFile(bomb) as archive:
        assert archive.getinfo("media/bomb").file_size == 10
    lying.write_bytes(data)
    with pytest.raises(RestoreRefused):
        bring_back(lying, tmp_path / "new")
    assert not (tmp_path / "new" / "media").exists()


@pytest.mark.parametrize("body", [b"", b"PK", b"\0" * 5_000, "database"])
def test_what_is_no_archive_is_refused(house: Path, tmp_path: Path, body: bytes | str) -> None:
    source = tmp_path / "b.zip"
    source.write_bytes((house / "db.sqlite3").read_bytes() if isinstance(body, str) else body)
    with pytest.raises(RestoreRefused, match="cannot be restored"):
        bring_back(source, tmp_path / "new")


def test_a_truncated_archive_is_refused(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    whole = made.path.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.999):
        made.path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(RestoreRefused):
            bring_back(made.path, tmp_path / "new")


@pytest.mark.parametrize("kind", ["missing", "cut off", "changed"])
def test_a_file_that_is_refused_leaves_no_folder(house: Path, tmp_path: Path, kind: str) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    source = rewritten(made.path, HOSTILE["changed"]) if kind == "changed" else made.path
    if kind == "missing":
        source.unlink()
    elif kind == "cut off":
        source.write_bytes(source.read_bytes()[:9_000])
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(RestoreRefused):
        bring_back(source, tmp_path / "some" / "where")
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_lock_that_was_there_stays(house: Path, tmp_path: Path) -> None:
    (house / "rockpool.lock").touch()
    with pytest.raises(RestoreRefused):
        bring_back(tmp_path / "none.zip", house, replace=True)
    assert (house / "rockpool.lock").exists()


@pytest.fixture
def lived_in(tmp_path: Path) -> Path:
    """A folder with an older community, on a disk of its own."""
    folder = tmp_path / "there"
    (folder / "media/notes").mkdir(parents=True)
    (folder / "media/notes/old").write_text("old")
    (folder / "lost+found").mkdir()
    (folder / "db.sqlite3").write_text("old")
    return folder


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("mount", ["media", "media/notes"])
def test_a_mount_is_refused_before_anything_is_touched(
    house: Path, tmp_path: Path, lived_in: Path, mount: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    before = everything_in(lived_in)
    mounts = [type("Mount", (), {"mountpoint": str(lived_in / mount)})]
    with monkeypatch.context() as patch:
        patch.setattr("community.operations.restore.psutil.disk_partitions", lambda all: mounts)
        with pytest.raises(RestoreRefused, match="media is a mount"):
            bring_back(made.path, lived_in, replace=True)
    assert everything_in(lived_in) == before
    assert bring_back(made.path, lived_in, replace=True).aside


@pytest.mark.parametrize("stuck", ["media", "secret_key"])
def test_a_move_that_fails_takes_back_those_before_it(
    house: Path, tmp_path: Path, lived_in: Path, stuck: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the way out (media) and on the way in (the key, after database and media)."""
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    before, rename = everything_in(lived_in), os.rename

    def move(old: Path, new: Path) -> None:
        if Path(new).name == stuck:
            raise OSError(16, "Device or resource busy")
        rename(old, new)

    monkeypatch.setattr(os, "rename", move)
    with pytest.raises(RestoreRefused, match=r"busy.*where it was"):
        bring_back(made.path, lived_in, replace=True)
    assert everything_in(lived_in) == before
    assert (lived_in / "db.sqlite3").read_text() == "old"


def test_what_cannot_go_back_is_named(
    house: Path, tmp_path: Path, lived_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    rename = os.rename

    def move(old: Path, new: Path) -> None:
        if Path(new) in (lived_in / "models", lived_in / "media"):
            raise OSError(30, "Read-only file system")
        rename(old, new)

    monkeypatch.setattr(os, "rename", move)
    with pytest.raises(RestoreRefused, match=r"go back: .*/replaced-\w+/media"):
        bring_back(made.path, lived_in, replace=True)
    assert (lived_in / "replaced-20260601T120000Z/media/notes/old").read_text() == "old"


def test_a_disk_that_has_only_what_mkfs_left_is_empty(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)
    assert bring_back(made.path, tmp_path / "disk").aside is None
    assert (tmp_path / "disk" / "lost+found").is_dir()


def test_a_folder_one_may_not_enter_is_said(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, stat_of = tmp_path / "closed", Path.stat
    closed.mkdir()

    def ask(self: Path, **how: bool) -> os.stat_result:
        if closed in self.parents:
            raise PermissionError(13, "Permission denied", str(self))
        return stat_of(self, **how)

    monkeypatch.setattr(Path, "stat", ask)
    with pytest.raises(BackupFailed, match="Permission denied"):
        make_backup(sources_of(house), closed, now=NOW)


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_keeping_none_is_refused_in_words(tmp_path: Path, number: str) -> None:
    with pytest.raises(CommandError, match="must be at least 1"):
        call_command("backup", str(tmp_path), f"--keep={number}")


def test_code_of_another_owner_says_its_version(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (["init", "-q"], ["-c", "user.name=tide", "-c", "user.email=a@example.org",
                                       "commit", "-q", "--allow-empty", "-m", "tide"]):  # fmt: skip
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True)
    settings.BASE_DIR, settings.VERSION = tmp_path, ""
    # Git's own way to try this without being root.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert re.fullmatch("[0-9a-f]{7,}", installation.version())


@pytest.mark.timeout(20)
def test_what_is_no_file_is_not_read() -> None:
    with pytest.raises(RestoreRefused, match="/dev/zero is no file"):
        check_archive(Path("/dev/zero"), known_migrations=set())


def test_a_manifest_says_itself_again(house: Path, tmp_path: Path) -> None:
    made = make_backup(sources_of(house), tmp_path / "b.zip", now=NOW)
    assert Manifest.from_json(made.manifest.to_json()) == made.manifest
    with pytest.raises(NotABackup):
        Manifest.from_json(made.manifest.to_json().replace(b'"files"', b'"flies"'))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("media/a.avif", True), ("media/潮/a b.avif", True), ("database/db.sqlite3", True),
        ("keys/secret_key", True), ("media", False), ("media/", False), ("media//a", False),
        ("media/./a", False), ("media/../a", False), ("/media/a", False), ("media/a\0b", False),
        ("media/a\nb", False), ("database/other", False), ("", False), (".", False),
    ],
)  # fmt: skip
def test_names(name: str, safe: bool) -> None:
    assert is_safe(name) is safe


def test_the_commands_say_what_they_did(
    house: Path, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "ENGINE", SQLITE)
    monkeypatch.setitem(database, "NAME", house / "db.sqlite3")
    settings.DATA_DIR, settings.SECRET_KEY = house, "the-signing-key"
    settings.MEDIA_ROOT = house / "media"
    said = io.StringIO()
    folder = tmp_path / "backups"
    folder.mkdir()
    call_command("backup", str(folder), "--json", stdout=said)
    path = Path(json.loads(said.getvalue())["path"])
    call_command("restore", str(path), "--check", stdout=said)
    assert "is whole" in said.getvalue()
    call_command("restore", str(path), "--into", str(tmp_path / "new"), stdout=said)
    assert "Restored into" in said.getvalue()
    assert "WARNING" not in said.getvalue()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(path))
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.postgresql")
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", str(folder))
