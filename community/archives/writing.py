"""The file: one JSON Lines file a section, pictures and videos as they are kept, what they mean.

Everything is streamed: a page of rows, then the next one; a file is copied, never read whole.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings
from django.template.loader import render_to_string

from accounts.file_store import Kept
from accounts.models import User
from accounts.owndata.sections import SECTIONS, Section, files_of

FORMAT = "rockpool-archive/1"
MANIFEST, SCHEMA, README = "archive.json", "schema.json", "README.md"
LINE_END = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
COPIED = 1 << 20
# The format knows no earlier day than 1 January 1980.
OLDEST_IN_ZIP = 315_532_800

# Told after every page of rows and every file: what is done. May raise to stop.
Progress = Callable[["Written"], None]


@dataclass
class Written:
    """What is in the file by now."""

    sections: int = 0
    rows: int = 0
    files: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def write_archive(path: Path, person: User, *, now: datetime, progress: Progress) -> Written:
    """Write the archive of a person to a file. Raises OSError, and what `progress` raises."""
    written = Written()
    with _private(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in SECTIONS.values():
            files = _write_section(archive, section, person, written, now, progress)
            _copy_files(archive, files, written, progress)
            written.sections += 1
            progress(written)
        _write(archive, SCHEMA, _schema(), now)
        _write(archive, README, _readme(person, written, now), now)
        _write(archive, MANIFEST, _manifest(person, written, now), now)
    return written


def _private(path: Path) -> IO[bytes]:
    """A new file that only we may read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "wb")


def _write_section(
    archive: zipfile.ZipFile,
    section: Section,
    person: User,
    written: Written,
    now: datetime,
    progress: Progress,
) -> list[tuple[str, Kept]]:
    """All rows as lines; the files that go with them."""
    files: list[tuple[str, Kept]] = []
    count = 0
    with archive.open(_entry(f"{section.name}.jsonl", now), "w", force_zip64=True) as lines:
        for row in section.rows(person):
            files += files_of(row)
            lines.write(orjson.dumps(row, option=LINE_END, default=str))
            count += 1
            if count % 500 == 0:
                progress(written)
    written.counts[section.name] = count
    written.rows += count
    return files


def _copy_files(
    archive: zipfile.ZipFile,
    files: Iterable[tuple[str, Kept]],
    written: Written,
    progress: Progress,
) -> None:
    """Pictures and videos are compressed already: stored as they are."""
    for name, path in files:
        try:
            found = path.stat()
            at = time.gmtime(max(found.st_mtime, OLDEST_IN_ZIP))
            entry = zipfile.ZipInfo(f"media/{name}", date_time=at[:6])
            entry.external_attr = 0o600 << 16
            entry.file_size = found.st_size
            with path.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, COPIED)
        except FileNotFoundError:  # taken away meanwhile
            written.missing.append(f"media/{name}")
            continue
        written.files += 1
        progress(written)


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _write(archive: zipfile.ZipFile, name: str, text: str, now: datetime) -> None:
    archive.writestr(_entry(name, now), text)


def _manifest(person: User, written: Written, now: datetime) -> str:
    said = {
        "format": FORMAT,
        "community": settings.SITE_URL,
        "name": settings.SITE_NAME,
        "person": person.username,
        "made_at": now.isoformat(),
        "sections": written.counts,
        "files": written.files,
        # Files that were taken away while the archive was made.
        "missing": written.missing,
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _schema() -> str:
    sections: dict[str, Any] = {
        section.name: {"file": f"{section.name}.jsonl", "keys": dict(section.meanings)}
        for section in SECTIONS.values()
    }
    said = {"format": FORMAT, "sections": sections}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _readme(person: User, written: Written, now: datetime) -> str:
    """In the language that is active: the caller chooses the person's."""
    rows = [(section, written.counts[section.name]) for section in SECTIONS.values()]
    context = {
        "person": person, "rows": rows, "now": now, "format": FORMAT,
        "files": written.files, "site": settings.SITE_NAME, "address": settings.SITE_URL,
    }  # fmt: skip
    return render_to_string("archives/readme.txt", context)
