"""Files of learnt versions: written whole or not at all, read memory-mapped, checked by checksum.

    <models folder>/<kind>/<token>/<array>.npy, <text>.txt

A folder is filled under a temporary name, synced, and renamed into place before its row exists, so
that a row always finds its files; folders without a row are leftovers (`forget_leftovers`).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from community.turns import take_turn

from .models import Artefact

KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
FILE = re.compile(rf"{NAME.pattern}\.(npy|txt)")
LEFTOVER_AFTER = timedelta(days=1)

Built = TypeVar("Built")
NOTHING: Mapping[str, str] = MappingProxyType({})


class Corrupt(Exception):
    """Files of a learnt version are missing, changed or unreadable; the text says which."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version as workers use it. Arrays are memory-mapped and read-only: processes share them."""

    pk: int
    kind: str
    number: int
    arrays: dict[str, np.ndarray]
    texts: dict[str, str]
    figures: dict[str, Any]
    trained_on: dict[str, Any]
    trained_at: datetime
    _built: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, build: Callable[[Loaded], Built]) -> Built:
        """What is built of it, kept as long as this version is in the process."""
        if name not in self._built:
            self._built[name] = build(self)
        built: Built = self._built[name]
        return built


def folder_of_models() -> Path:
    return Path(settings.MODELS_DIR)


# ---------------------------------------------------------------- writing
def save(
    kind: str,
    *,
    arrays: Mapping[str, np.ndarray],
    texts: Mapping[str, str] = NOTHING,
    figures: Mapping[str, Any],
    trained_on: Mapping[str, Any],
    now: datetime,
) -> Artefact:
    """Keep a trained version; it is in force only when published. Texts named plot_* are SVG.

    Raises ValueError for names that are no plain names and for arrays of objects.
    """
    _check_names(kind, arrays, texts)
    token = secrets.token_hex(8)
    home = folder_of_models() / kind
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = home / f".writing-{token}"
    draft.mkdir(mode=0o700)
    try:
        for name, array in arrays.items():
            _write_array(draft / f"{name}.npy", array)
        for name, text in texts.items():
            _write_text(draft / f"{name}.txt", text)
        checksums = {path.name: _checksum(path) for path in sorted(draft.iterdir())}
        size = sum(path.stat().st_size for path in draft.iterdir())
        _sync_folder(draft)
        draft.rename(home / token)
        _sync_folder(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return add_row(
        kind,
        folder=f"{kind}/{token}",
        checksums=checksums,
        size=size,
        figures=dict(figures),
        trained_on=dict(trained_on),
        trained_at=now,
    )


def add_row(kind: str, **fields: Any) -> Artefact:
    """A row with the next number of its kind."""
    with transaction.atomic():
        rows = lock(kind)
        newest = rows.aggregate(newest=Max("number"))["newest"] or 0
        return Artefact.objects.create(kind=kind, number=newest + 1, **fields)


def lock(kind: str) -> Any:
    """All rows of a kind, locked until the transaction ends: one writer a kind at a time, also
    where there are no rows yet to hold."""
    take_turn(f"versions of {kind}")
    rows = Artefact.objects.filter(kind=kind)
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return rows


def _check_names(kind: str, arrays: Mapping[str, Any], texts: Mapping[str, Any]) -> None:
    if not KIND.fullmatch(kind):
        raise ValueError(f"not a kind: {kind!r}")
    for name in (*arrays, *texts):
        if not NAME.fullmatch(name):
            raise ValueError(f"not a name: {name!r}")
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"array of objects: {name!r}")


def _write_array(path: Path, array: np.ndarray) -> None:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---------------------------------------------------------------- reading
def load(artefact: Artefact) -> Loaded:
    """The version with its arrays mapped. Raises Corrupt where files are missing or changed."""
    if not artefact.folder:
        raise Corrupt(f"{artefact}: its files are no longer kept")
    folder = _inside(artefact.folder)
    arrays: dict[str, np.ndarray] = {}
    texts: dict[str, str] = {}
    for filename, checksum in artefact.checksums.items():
        if not FILE.fullmatch(filename):
            raise Corrupt(f"{artefact}: not a file of ours: {filename!r}")
        path = folder / filename
        try:
            _verify(path, checksum)
            if path.suffix == ".npy":
                arrays[path.stem] = np.load(path, mmap_mode="r", allow_pickle=False)
            else:
                texts[path.stem] = path.read_bytes().decode("utf-8")
        except (OSError, ValueError, EOFError) as error:
            raise Corrupt(f"{artefact}: {filename}: {error}") from error
    return Loaded(
        pk=artefact.pk,
        kind=artefact.kind,
        number=artefact.number,
        arrays=arrays,
        texts=texts,
        figures=artefact.figures,
        trained_on=artefact.trained_on,
        trained_at=artefact.trained_at,
    )


def read_text(artefact: Artefact, name: str) -> str:
    """One text of a version, checked. Raises Corrupt where there is none or it was changed."""
    checksum = artefact.checksums.get(f"{name}.txt")
    if not NAME.fullmatch(name) or checksum is None or not artefact.folder:
        raise Corrupt(f"{artefact}: there is no text {name!r}")
    path = _inside(artefact.folder) / f"{name}.txt"
    try:
        _verify(path, checksum)
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise Corrupt(f"{artefact}: {path.name}: {error}") from error


def _inside(folder: str) -> Path:
    """The folder of a version, which is <kind>/<token> and nothing else, however the row reads."""
    kind, _, token = folder.partition("/")
    if not KIND.fullmatch(kind) or not re.fullmatch(r"[0-9a-f]{16}", token):
        raise Corrupt(f"not a folder of ours: {folder!r}")
    return folder_of_models() / kind / token


# Files whose bytes this process has read and found right: (path, size, time of change, inode).
_verified: set[tuple[str, int, int, int]] = set()
_verifying = threading.Lock()


def _verify(path: Path, checksum: str) -> None:
    """Read a file's bytes once a process and state of the file. Raises ValueError, OSError."""
    before = path.stat()
    key = (f"{path} {checksum}", before.st_size, before.st_mtime_ns, before.st_ino)
    if key in _verified:
        return
    with _verifying:
        if key in _verified:
            return
        if _checksum(path) != checksum:
            raise ValueError("the checksum differs")
        if len(_verified) > 10_000:
            _verified.clear()
        _verified.add(key)


# ---------------------------------------------------------------- clearing
def remove_files(artefact: Artefact) -> None:
    """Forget the files, keep the row. Processes that mapped them read on."""
    folder = artefact.folder
    Artefact.objects.filter(pk=artefact.pk).update(folder="")
    if folder:
        shutil.rmtree(_inside(folder), ignore_errors=True)


def forget_leftovers(*, now: datetime) -> int:
    """Remove folders that no row names, a day after they were last written to."""
    known = set(Artefact.objects.exclude(folder="").values_list("folder", flat=True))
    gone = 0
    for path in folder_of_models().glob("*/*"):
        old = path.stat().st_mtime < (now - LEFTOVER_AFTER).timestamp()
        if path.is_dir() and old and f"{path.parent.name}/{path.name}" not in known:
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone
