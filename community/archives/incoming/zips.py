"""A ZIP file from anybody: nothing is unpacked by its name, and no more is read than is allowed."""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson
from django.utils.translation import gettext_lazy as _

from .items import Refused

MOST_ENTRIES = 50_000
# Of a file of JSON read whole, of a line of one read by lines, of all that is read in all.
LARGEST_JSON = 16 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
MOST_READ = 20 * 1024**3
# What text shrinks to at best; more is made to fill a disk.
MOST_RATIO = 400
IN_MEMORY = 1024 * 1024
# What a broken or hostile entry raises when it is read.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class Box:
    """An opened archive. Raises Refused for a file that is none, or not a harmless one."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except BROKEN as error:
            raise Refused(_("This is not a ZIP file, or it is cut off.")) from error
        self.read = 0
        self.entries = {info.filename: info for info in self._checked()}
        self.by_base: dict[str, str] = {}
        for name in self.entries:
            self.by_base.setdefault(PurePosixPath(name).name, name)

    def close(self) -> None:
        self.zip.close()

    def _checked(self) -> Iterator[zipfile.ZipInfo]:
        entries = self.zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Refused(_("There are too many files in it."))
        for info in entries:
            if info.is_dir():
                continue
            if not _is_plain(info):
                raise Refused(_("A file in it has a name that leads outside."))
            if info.file_size > IN_MEMORY and info.file_size > MOST_RATIO * info.compress_size:
                raise Refused(_("A file in it is made to fill a disk."))
            yield info

    def names(self, *endings: str) -> list[str]:
        """Names that end so, folders of any depth before them, in order."""
        return sorted(
            name for name in self.entries if any(f"/{name}".endswith(end) for end in endings)
        )

    def find(self, name: str) -> str | None:
        """The entry of this path, whatever folder the whole archive lies in; a name without a
        path is found in any folder."""
        plain = name.lstrip("/")
        if plain in self.entries:
            return plain
        found = self.by_base.get(PurePosixPath(plain).name)
        return found if found and f"/{found}".endswith(f"/{plain}") else None

    def json(self, name: str) -> Any:
        """The content of a file of JSON. Raises Refused."""
        try:
            with self.zip.open(name) as file:
                data = file.read(LARGEST_JSON + 1)
        except BROKEN as error:
            raise Refused(_("%(name)s in it cannot be read.") % {"name": name}) from error
        self._count(len(data))
        if len(data) > LARGEST_JSON:
            raise Refused(_("%(name)s in it is too large.") % {"name": name})
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise Refused(_("%(name)s in it is not JSON.") % {"name": name}) from error

    def lines(self, name: str) -> Iterator[tuple[int, bytes | None]]:
        """Lines with their number from 1; None for one that is too long. Raises Refused."""
        try:
            with self.zip.open(name) as file:
                number = 0
                while line := file.readline(LONGEST_LINE + 1):
                    number += 1
                    self._count(len(line))
                    too_long = len(line) > LONGEST_LINE
                    while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                        line = file.readline(LONGEST_LINE + 1)
                        self._count(len(line))
                    if too_long or line.strip():
                        yield number, None if too_long else line
        except BROKEN as error:
            raise Refused(_("%(name)s in it cannot be read.") % {"name": name}) from error

    def copy(self, name: str, *, largest: int) -> IO[bytes]:
        """A file's content in a temporary file of ours, rewound. Raises Refused."""
        target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the caller closes it)
        try:
            with self.zip.open(name) as source:
                size = 0
                while chunk := source.read(1 << 18):
                    size += len(chunk)
                    self._count(len(chunk))
                    if size > largest:
                        raise Refused(_("The file is too large."))
                    target.write(chunk)
        except BROKEN as error:
            target.close()
            raise Refused(_("The file is broken.")) from error
        except Refused:
            target.close()
            raise
        target.seek(0)
        return target

    def _count(self, size: int) -> None:
        self.read += size
        if self.read > MOST_READ:
            raise Refused(_("There is more in it than can be taken in."))


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """A file below the archive's root, and no link."""
    path = PurePosixPath(info.filename)
    mode = info.external_attr >> 16
    outside = path.is_absolute() or ".." in path.parts or "\\" in info.filename
    return not outside and "\0" not in info.filename and not stat.S_ISLNK(mode)
