"""An archive put into a data folder. Before everything is checked, nothing there is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from community.runner.checks import LEAST_FREE_BYTES, CannotStart
from community.runner.folder import LOCK_NAME, LOST_AND_FOUND, FolderLock

from .archive import Archive, place_of
from .backup import fingerprint, flush_folder
from .in_use import has_open_database
from .manifest import KEYS, Manifest, NotABackup

ASIDE_PATTERN = "replaced-%Y%m%dT%H%M%SZ"
KEY_FILES = frozenset(KEYS.values())


class RestoreRefused(Exception):
    """Nothing was changed, else the message says what; it says why and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside`: where that lies what was there. `other_key`: what the old key sealed stays shut."""

    manifest: Manifest
    folder: Path
    aside: Path | None
    other_key: bool
    seconds: float


def check_archive(source: Path, *, known_migrations: Collection[tuple[str, str]]) -> Manifest:
    """Read a whole archive and its database's own check; nothing but a temporary folder is written.

    Raises RestoreRefused."""
    with _opened(source, known_migrations) as archive:
        with tempfile.TemporaryDirectory(prefix="rockpool-check-") as work:
            _check_space(archive, Path(work))
            _extract(archive, Path(work))
        return archive.manifest


def restore(
    source: Path,
    folder: Path,
    *,
    replace: bool,
    signing_key: str,
    known_migrations: Collection[tuple[str, str]],
    now: datetime,
) -> Restored:
    """Put an archive into a data folder. Raises RestoreRefused.

    `signing_key`: the operator's own, from the environment; "" where the one in the folder rules.

    1. Refuse a folder that is in use, has something in it while `replace` is not said, or has
       parts that cannot be moved.
    2. Check the archive: its list, its sizes, the room on the disk, the code it was made by.
    3. Extract into a folder inside, comparing every hash; let SQLite check the database.
    4. Move aside what was there (nothing is deleted), and move in what was extracted.
    """
    started = time.monotonic()
    with _held(folder):
        present = _present(folder)
        if present and not replace:
            raise RestoreRefused(
                f"{folder} is not empty ({', '.join(sorted(present)[:5])}). Choose another with "
                "--into, or say --replace: what is there is then moved aside, not deleted."
            )
        with _opened(source, known_migrations) as archive:
            _refuse_mounts(folder, archive.manifest)
            _check_space(archive, folder)
            with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as work:
                _extract(archive, Path(work))
                aside = _swap(Path(work), folder, now=now)
            manifest = archive.manifest
    in_force = signing_key or _key_in(folder)
    return Restored(
        manifest=manifest,
        folder=folder,
        aside=aside,
        other_key=fingerprint(in_force) != manifest.keys.fingerprint,
        seconds=time.monotonic() - started,
    )


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder, made if need be, and kept from starting meanwhile. A refusal leaves nothing."""
    with contextlib.ExitStack() as holding, contextlib.ExitStack() as traces:
        try:
            for missing in _missing(folder):
                missing.mkdir(exist_ok=True)
                traces.callback(_remove_empty, missing)
            is_new = not (folder / LOCK_NAME).exists()
            lock = FolderLock(folder)
        except OSError as error:
            raise RestoreRefused(f"{folder} cannot be written: {error.strerror}.") from error
        holding.callback(lock.release)
        try:
            lock.take(port=0, patience=0)
        except CannotStart as error:
            raise RestoreRefused(str(error)) from error
        if is_new:
            traces.callback(lock.path.unlink, missing_ok=True)
        if has_open_database(folder):
            raise RestoreRefused(
                f"Somebody has the database in {folder} open. Stop Rockpool there: web, worker, "
                "beat and every shell."
            )
        yield
        traces.pop_all()


def _missing(folder: Path) -> list[Path]:
    """The folders that have to be made for this one, outermost first."""
    return [path for path in reversed([folder, *folder.parents]) if not path.exists()]


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # somebody else has put something in
        folder.rmdir()


def _present(folder: Path) -> set[str]:
    """What is in a data folder. Keys alone are nothing: every start of manage.py makes one."""
    names = {path.name for path in folder.iterdir()} - {LOCK_NAME, LOST_AND_FOUND}
    return set() if names <= KEY_FILES else names


def _leaving(folder: Path, arriving: Collection[str]) -> list[Path]:
    """What has to be moved aside for what the archive brings."""
    kept = {LOCK_NAME, LOST_AND_FOUND} | (KEY_FILES - set(arriving))
    return [p for p in folder.iterdir() if p.name not in kept and not _is_aside(p)]


def _refuse_mounts(folder: Path, manifest: Manifest) -> None:
    """Before anything is touched: a part on a disk of its own can be moved nowhere."""
    device, root = folder.stat().st_dev, folder.resolve()
    # Bind mounts are of the same device; the list of the mounts has them, too.
    mounts = {Path(mount.mountpoint) for mount in psutil.disk_partitions(all=True)}
    within = {mount.relative_to(root).parts[0] for mount in mounts if root in mount.parents}
    arriving = {place_of(item.name).parts[0] for item in manifest.files}
    for path in sorted(_leaving(folder, arriving)):
        if path.name in within or path.lstat().st_dev != device:
            raise RestoreRefused(
                f"{path} is a mount, or has one in it, and cannot be moved aside. Unmount it, or "
                "restore into an empty folder with --into and copy the files into the mount."
            )


@contextlib.contextmanager
def _opened(source: Path, known: Collection[tuple[str, str]]) -> Iterator[Archive]:
    try:
        with Archive(source) as archive:
            seen = archive.manifest.migrations.items()
            if newer := sorted(f"{app}.{name}" for app, name in seen if (app, name) not in known):
                raise RestoreRefused(
                    f"The backup was made by newer code than this (it has {newer[0]}"
                    f"{f' and {len(newer) - 1} more' if len(newer) > 1 else ''}). Bring the code "
                    "up to date first."
                )
            yield archive
    except NotABackup as error:
        raise RestoreRefused(f"This backup cannot be restored. {error}") from error


def _check_space(archive: Archive, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    needed = archive.manifest.total_bytes
    if needed + LEAST_FREE_BYTES > free:
        raise RestoreRefused(
            f"Its files need {needed / 1e6:,.0f} MB and {folder} has {free / 1e6:,.0f} MB free, of "
            f"which {LEAST_FREE_BYTES / 1e6:.0f} MB are left to live on."
        )


def _extract(archive: Archive, work: Path) -> None:
    archive.extract(work)
    database = work / "db.sqlite3"
    try:
        with contextlib.closing(sqlite3.connect(database)) as asked:
            found = asked.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise NotABackup(f"Its database is damaged: {found}.")


def _swap(work: Path, folder: Path, *, now: datetime) -> Path | None:
    """Move aside what the archive brings anew, and what belonged to the old database; move in."""
    arriving = {path.name for path in work.iterdir()}
    leaving = [path for path in _leaving(folder, arriving) if path.name != work.name]
    aside = folder / now.astimezone(UTC).strftime(ASIDE_PATTERN) if leaving else None
    moves = [(path, aside / path.name) for path in leaving if aside]
    moves += [(work / name, folder / name) for name in sorted(arriving)]
    try:
        with contextlib.ExitStack() as back:
            if aside is not None:
                aside.mkdir(mode=0o700)
                back.callback(aside.rmdir)
            _move(moves, back)
            back.pop_all()
    except OSError as error:
        raise RestoreRefused(_what_became_of(moves, error)) from error
    flush_folder(folder)
    return aside


def _move(moves: Sequence[tuple[Path, Path]], back: contextlib.ExitStack) -> None:
    """Every move, or none: what was moved goes back when `back` is closed."""
    for old, new in moves:
        os.rename(old, new)
        back.callback(os.rename, new, old)


def _what_became_of(moves: Sequence[tuple[Path, Path]], error: OSError) -> str:
    """A sentence on what could not be moved, and on what could not be moved back."""
    astray = [str(new) for old, new in moves if not os.path.lexists(old)]
    if astray:
        return f"A part could not be moved ({error}), nor could these go back: {', '.join(astray)}."
    return f"A part could not be moved ({error}). Everything is where it was."


def _key_in(folder: Path) -> str:
    """The signing key kept in a data folder, "" where there is none: the next start makes one."""
    try:
        return (folder / "secret_key").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _is_aside(path: Path) -> bool:
    return path.name.startswith("replaced-")
