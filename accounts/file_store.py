"""Where people's files lie: in a folder of the data, or in an object store that speaks S3.

A file is named by a path. Where files lie in a folder that is a pathlib.Path; in a store it is a
`StoredPath`, which has of Path's methods those that are used here, and whose folders are only the
beginnings of names. What computes (pictures, videos, archives) works in local folders either way.

No address leads into the store: whoever may see a file gets it from the view that checked.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import transaction

from . import signals
from .stored_path import StoreAway, StoredPath

__all__ = ["Kept", "StoreAway", "StoredPath"]

Kept = Path | StoredPath

CHUNK = 256 * 1024


def media_root() -> Kept:
    """Of pictures and videos, and of uploads that wait to become them."""
    return _root("media", settings.MEDIA_ROOT)


def private_root() -> Kept:
    """Of archives and documents."""
    return _root("private", settings.PRIVATE_ROOT)


def _root(alias: str, folder: Path) -> Kept:
    return StoredPath(alias) if alias in settings.STORAGES else Path(folder)


# ---------------------------------------------------------------- writing
def write(upload: BinaryIO, path: Kept) -> None:
    """Write a file: never half of one under its own name. Raises OSError, StoreAway."""
    upload.seek(0)
    if isinstance(path, StoredPath):
        path.write(File(upload, name=path.name))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        with draft.open("wb") as file:
            shutil.copyfileobj(upload, file, 1 << 20)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def filled(folder: Kept) -> Iterator[Path]:
    """A local folder whose files are in `folder` when the block ends well."""
    if not isinstance(folder, StoredPath):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="rockpool-") as name:
        yield Path(name)
        for made in sorted(Path(name).iterdir()):
            with made.open("rb") as file:
                (folder / made.name).write(File(file, name=made.name))


def draft_of(path: Kept) -> Path:
    """Where a file that takes minutes to make is written; `finish` gives it its name."""
    if isinstance(path, StoredPath):
        return Path(settings.DATA_DIR) / "drafts" / f"{path.name}.part"
    return path.with_suffix(".part")


def finish(draft: Path, path: Kept) -> None:
    if not isinstance(path, StoredPath):
        draft.rename(path)
        return
    with draft.open("rb") as file:
        path.write(File(file, name=path.name))
    draft.unlink()


def move(source: Kept, target: Kept) -> None:
    """Give a file another name. Raises FileNotFoundError."""
    if isinstance(source, StoredPath) and isinstance(target, StoredPath):
        source.copy_to(target)
        source.unlink()
    elif isinstance(source, Path) and isinstance(target, Path):
        source.replace(target)
    else:
        raise TypeError("A file stays where it lies, in the folder or in the store.")


# ---------------------------------------------------------------- reading
@contextmanager
def at_hand(path: Kept) -> Iterator[Path]:
    """The file as a local one, for programs. Raises FileNotFoundError."""
    if not isinstance(path, StoredPath):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="rockpool-") as name:
        local = Path(name) / path.name
        with path.open("rb") as source, local.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield local


def read(path: Kept, part: range) -> Iterator[bytes]:
    """These bytes of a file, in pieces."""
    if isinstance(path, StoredPath):
        yield from path.read(part, CHUNK)
        return
    missing = len(part)
    with path.open("rb") as file:
        file.seek(part.start)
        while missing and (chunk := file.read(min(CHUNK, missing))):
            missing -= len(chunk)
            yield chunk


def files_below(root: Kept) -> Iterator[tuple[Kept, float]]:
    """Files in the folders of a folder (`ab/abcdef`), each with the time of its last change."""
    if isinstance(root, StoredPath):
        yield from root.below()
    else:
        yield from ((path, path.stat().st_mtime) for path in root.glob("*/*"))


# ---------------------------------------------------------------- forgetting
def forget(
    *, files: Iterable[Kept] = (), folders: Iterable[Kept] = (), at_once: bool = False
) -> None:
    """Remove for good what nothing names any more, once the caller's transaction is committed, or
    `at_once` where there is none.

    In a store a removal is noted in that transaction and done by a worker, as often as it takes: a
    store that refuses, or a process that dies, leaves nothing behind. Only for names that are never
    given again.
    """
    removals = []
    for is_folder, paths in ((False, files), (True, folders)):
        for path in paths:
            if isinstance(path, StoredPath):
                removals.append({"alias": path.alias, "name": path.key, "folder": is_folder})
            elif at_once:
                _remove(path, is_folder)
            else:
                transaction.on_commit(partial(_remove, path, is_folder))
    if removals:
        signals.files_forgotten.send(sender=StoredPath, removals=removals)


def _remove(path: Path, is_folder: bool) -> None:
    if is_folder:
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def remove_all(folder: Kept) -> None:
    """Remove a folder with all that is in it. What cannot be removed stays, and the log says so."""
    if isinstance(folder, StoredPath):
        folder.remove_below()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(folder: Kept) -> None:
    """Hidden folders of workers that were killed; in a store there are none."""
    if isinstance(folder, Path):
        for abandoned in folder.glob(".*"):
            shutil.rmtree(abandoned, ignore_errors=True)
