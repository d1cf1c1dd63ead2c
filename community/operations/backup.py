"""A backup while people go on writing: one ZIP that any tool can open.

The database is copied by SQLite's own backup call in one step, so it is the state of one moment;
`cp` of a database that is written to is broken now and then. Files are read after it: a file is
always there before the row that names it, so every row of the copy finds its file.

The cache, the broker's folder and mails kept as files are left out: they are made anew, or sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from .manifest import DATABASE, FOLDERS, KEYS, NAME, Item, Keys, Manifest

CHUNK_BYTES = 1024 * 1024
# SQLite's pages shrink to a third even at the quickest level; pictures and videos do not shrink.
DATABASE_LEVEL = 1
NAME_PATTERN = "rockpool-%Y%m%dT%H%M%SZ.zip"
ONES_OF_OURS = "rockpool-????????T??????Z.zip"


class BackupFailed(Exception):
    """No backup was made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is backed up. `folders`: name in the archive -> folder. `keys_folder` None: no keys."""

    database: Path
    folders: dict[str, Path]
    keys_folder: Path | None
    signing_key: str
    key_from_environment: bool
    version: str


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    manifest: Manifest
    archive_bytes: int
    seconds: float


def make_backup(sources: Sources, target: Path, *, now: datetime) -> Made:
    """Write the archive beside its final name and move it there when it is whole.

    `target` is a folder, or the name of a file that is not there yet. Raises BackupFailed.

    1. Copy the database in one step and check the copy.
    2. Write the copy, the folders and the keys into a ZIP, hashing as they pass.
    3. Write the manifest last, flush everything to the disk, and give the archive its name.
    """
    started = time.monotonic()
    try:
        final = target / now.astimezone(UTC).strftime(NAME_PATTERN) if target.is_dir() else target
        if final.exists():
            raise BackupFailed(f"{final} is there already, and a backup never overwrites one.")
        # In the target's folder, where there has to be room anyway; its names give nothing away.
        with tempfile.TemporaryDirectory(prefix=".rockpool-backup-", dir=final.parent) as work:
            copy = Path(work, "db.sqlite3")
            _copy_database(sources.database, copy)
            draft = Path(work, "archive.zip")
            manifest = _write_archive(sources, copy, draft, now=now)
            os.link(draft, final)  # fails, and overwrites nothing, when somebody was quicker
        flush_folder(final.parent)
    except FileExistsError as error:
        raise BackupFailed(f"{final} was made meanwhile by somebody else.") from error
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"The backup could not be made: {error}.") from error
    return Made(final, manifest, final.stat().st_size, time.monotonic() - started)


def forget_older(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups in a folder, told by their names; those deleted.

    Raises BackupFailed, and what was backed up is kept, where one cannot be deleted."""
    older = sorted(folder.glob(ONES_OF_OURS), reverse=True)[keep:]
    try:
        for path in older:
            path.unlink()
    except OSError as error:
        raise BackupFailed(f"The backup was made; an older one stays: {error}.") from error
    return older


def fingerprint(signing_key: str) -> str:
    """Tells two keys apart and gives neither away: 16 hexadecimal digits."""
    return hmac.new(signing_key.encode(), b"rockpool.backup", hashlib.sha256).hexdigest()[:16]


def _copy_database(database: Path, copy: Path) -> None:
    """The database as it is at one moment. Writers go on: in WAL a reader blocks nobody."""
    if not database.is_file():
        raise BackupFailed(f"There is no database at {database}.")
    with (
        contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(copy)) as into,
    ):
        copy.chmod(0o600)
        source.backup(into)  # all pages in one step: in several it would begin anew at each write
        # One file, without a log beside it that somebody could forget.
        into.execute("PRAGMA journal_mode=DELETE")
        found = into.execute("PRAGMA integrity_check(1)").fetchone()[0]
        tables = into.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if found != "ok":
        raise BackupFailed(
            f"The database is damaged ({found}). Keep the older backups, and see "
            "docs/operations.md, 'A damaged database'."
        )
    if not tables:
        # Some tool made it by asking for one that is not there: an archive of it would look good.
        raise BackupFailed(f"The database at {database} is empty: no community is in it.")


def _write_archive(sources: Sources, copy: Path, draft: Path, *, now: datetime) -> Manifest:
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", compresslevel=DATABASE_LEVEL) as archive:
            writer = _Writer(archive, now)
            writer.add(DATABASE, copy, compress=True)
            for name in FOLDERS:
                if name in sources.folders:
                    writer.add_folder(name, sources.folders[name])
            if sources.keys_folder is not None:
                for name, kept_as in KEYS.items():
                    writer.add(name, sources.keys_folder / kept_as)
            manifest = Manifest(
                made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
                version=sources.version,
                migrations=newest_migrations(copy),
                keys=Keys(
                    included=any(item.name in KEYS for item in writer.items),
                    from_environment=sources.key_from_environment,
                    fingerprint=fingerprint(sources.signing_key),
                ),
                files=tuple(writer.items),
                gone=writer.gone,
                links=writer.links,
            )
            archive.writestr(_entry(NAME, now, compress=True), manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    return manifest


class _Writer:
    """Adds files to the archive, hashes them as they pass, and counts what was not there."""

    def __init__(self, archive: zipfile.ZipFile, now: datetime) -> None:
        self.archive, self.now = archive, now
        self.items: list[Item] = []
        self.gone = self.links = 0

    def add_folder(self, name: str, folder: Path) -> None:
        for path in self._files_in(folder):
            if not self.add(f"{name}/{path.relative_to(folder).as_posix()}", path):
                self.gone += 1

    def add(self, name: str, path: Path, *, compress: bool = False) -> bool:
        """False when there is no such file."""
        try:
            source = open(path, "rb")  # noqa: SIM115 - closed by the next line
        except FileNotFoundError:
            return False
        entry = _entry(name, self.now, compress)
        with source, self.archive.open(entry, "w", force_zip64=True) as into:
            size, digest = _copy_hashed(source, into)
        self.items.append(Item(name, size, digest))
        return True

    def _files_in(self, folder: Path) -> Iterator[Path]:
        """Plain files, in order of their names; a folder that is not there has none."""
        for root, folders, names in os.walk(folder):
            folders.sort()
            self.links += sum(Path(root, name).is_symlink() for name in folders)
            for name in sorted(names):
                path = Path(root, name)
                if path.is_symlink():
                    self.links += 1
                else:
                    yield path


def newest_migrations(database: Path) -> dict[str, str]:
    """App label -> the newest migration that a database has seen; {} for one without Django."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as asked:
        try:
            rows = asked.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        except sqlite3.OperationalError:
            return {}
    return dict(rows)


def _entry(name: str, now: datetime, compress: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry


def _copy_hashed(source: IO[bytes], into: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(CHUNK_BYTES):
        into.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def flush_folder(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
