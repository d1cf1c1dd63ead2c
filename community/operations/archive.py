"""A backup's archive of any origin: checked as a whole before a byte of it is believed.

Whoever can make an operator restore an archive must not gain more by it than its content: no name
leads outside the folder, no link is made, nothing is written beyond what was declared, and what was
declared has to fit on the disk.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from community.archives.incoming.zips import BROKEN

from .manifest import DATABASE, KEYS, LARGEST_BYTES, NAME, Item, Manifest, NotABackup

CHUNK_BYTES = 1024 * 1024
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Nobody but their owner may read the others.
FOR_ALL = ("media/", "models/")


class Archive:
    """An open archive whose names and sizes agree with its manifest; hashes are checked as files
    are read. Raises NotABackup, here and everywhere."""

    def __init__(self, path: Path) -> None:
        if path.exists() and not path.is_file():  # a device may never end
            raise NotABackup(f"{path} is no file.")
        try:
            self.zip = zipfile.ZipFile(path)
        except (*BROKEN, ValueError) as error:
            raise NotABackup(f"{path} is no archive that can be read ({error}).") from error
        try:
            self.entries = _plain_entries(self.zip)
            self.manifest = self._read_manifest()
            self._compare()
        except BaseException:
            self.zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.zip.close()

    def check(self) -> None:
        """Read every byte and compare every hash; nothing is written."""
        for item in self.manifest.files:
            self._read(item, lambda chunk: None)

    def extract(self, folder: Path) -> None:
        """Write every file into an empty folder, each under the name it has in a data folder."""
        for item in self.manifest.files:
            path = folder / place_of(item.name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
                descriptor = os.open(path, flags, 0o644 if item.name.startswith(FOR_ALL) else 0o600)
            except OSError as error:
                raise NotABackup(f"{item.name[:200]!r} cannot be written: {error}.") from error
            with os.fdopen(descriptor, "wb") as file:
                self._read(item, file.write)
                file.flush()
                os.fsync(descriptor)

    def _read_manifest(self) -> Manifest:
        entry = self.entries.pop(NAME, None)
        if entry is None:
            raise NotABackup("It has no manifest: this is no backup of Rockpool.")
        if entry.file_size > LARGEST_BYTES:
            raise NotABackup("Its manifest is too large to be one.")
        try:
            with self.zip.open(entry) as file:
                return Manifest.from_json(file.read(LARGEST_BYTES))
        except BROKEN as error:
            raise NotABackup(f"Its manifest cannot be read ({error}).") from error

    def _compare(self) -> None:
        """The manifest and the list of the ZIP name the same files, of the same sizes."""
        items = {item.name: item for item in self.manifest.files}
        if len(items) != len(self.manifest.files):
            raise NotABackup("Its manifest names a file twice.")
        if different := items.keys() ^ self.entries.keys():
            raise NotABackup(f"Manifest and archive differ in {sorted(different)[0][:200]!r}.")
        for name, entry in self.entries.items():
            if entry.file_size != items[name].size:
                raise NotABackup(f"{name[:200]!r} has another size than the manifest says.")
        if DATABASE not in items:
            raise NotABackup("There is no database in it.")

    def _read(self, item: Item, write: Callable[[bytes], object]) -> None:
        """Pass a file on in pieces, never more than was declared, and compare its hash."""
        digest, left = hashlib.sha256(), item.size
        try:
            with self.zip.open(self.entries[item.name]) as source:
                # One byte more than declared: a file that lies about its size is found by it.
                while chunk := source.read(min(CHUNK_BYTES, left + 1)):
                    if len(chunk) > left:
                        raise NotABackup(f"{item.name[:200]!r} is longer than declared.")
                    write(chunk)
                    digest.update(chunk)
                    left -= len(chunk)
        except BROKEN as error:
            raise NotABackup(f"{item.name[:200]!r} cannot be read ({error}).") from error
        if left or digest.hexdigest() != item.sha256:
            raise NotABackup(f"{item.name[:200]!r} is not what was backed up: its hash differs.")


def place_of(name: str) -> Path:
    """Where a file of the archive lies in a data folder."""
    if name == DATABASE:
        return Path("db.sqlite3")
    return Path(KEYS.get(name, name))


def _plain_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise NotABackup(f"{name[:200]!r} is no plain file; backups have nothing else.")
        if entry.flag_bits & 1 or entry.compress_type not in METHODS:
            raise NotABackup(f"{name[:200]!r} is packed in a way that backups are not.")
        if name in entries:
            raise NotABackup(f"{name[:200]!r} is in it twice.")
        entries[name] = entry
    return entries
