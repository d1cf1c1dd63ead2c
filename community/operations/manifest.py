"""The manifest of a backup: what lies in it, and under which code and key it was made."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

FORMAT = "rockpool-backup/1"
NAME = "manifest.json"
# A million pictures are about 200 MB of it; what is larger was not made here.
LARGEST_BYTES = 512_000_000

DATABASE = "database/db.sqlite3"
KEYS = {"keys/secret_key": "secret_key", "keys/vapid_key": "vapid_key"}
FOLDERS = ("media", "private", "models")
_HASH = re.compile(r"[0-9a-f]{64}")


class NotABackup(Exception):
    """An archive that cannot be believed; the message tells an operator what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file: its name in the archive, bytes, and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Whether the keys lie in the archive. `fingerprint` tells two signing keys apart and gives
    neither away; `from_environment`: the signing key is the operator's own and never in it."""

    included: bool
    from_environment: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    # ISO 8601, in UTC: everything acknowledged before it is in the archive.
    made_at: str
    # Commit or release of the code, empty where it is unknown.
    version: str
    # App label -> the newest migration that the database has seen.
    migrations: dict[str, str]
    keys: Keys
    files: tuple[Item, ...] = ()
    # Files that were deleted while the archive was made, and links, which are never followed.
    gone: int = 0
    links: int = 0
    format: str = field(default=FORMAT)

    @property
    def total_bytes(self) -> int:
        return sum(item.size for item in self.files)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises NotABackup for anything that `to_json` would not have written."""
        try:
            said = json.loads(text)
            if said["format"] != FORMAT:
                raise NotABackup(f"It is of format {said['format']!r}, and this reads {FORMAT}.")
            return cls(
                made_at=_text(said["made_at"]),
                version=_text(said["version"]),
                migrations={_text(app): _text(name) for app, name in said["migrations"].items()},
                keys=_keys(said["keys"]),
                files=tuple(_item(row) for row in said["files"]),
                gone=_count(said["gone"]),
                links=_count(said["links"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotABackup(f"Its manifest cannot be read ({type(error).__name__}).") from error


def is_safe(name: str) -> bool:
    """Whether a name is one that backups have: the database, a key, or a path inside a folder."""
    if name == DATABASE or name in KEYS:
        return True
    path = PurePosixPath(name)
    return (
        len(path.parts) > 1
        and path.parts[0] in FOLDERS
        and str(path) == name  # no "//", no "./"
        and ".." not in path.parts
        and name.isprintable()
        and "\\" not in name
        and all(len(part.encode()) <= 255 for part in path.parts)
    )


def _item(said: dict[str, Any]) -> Item:
    item = Item(_text(said["name"]), _count(said["size"]), _text(said["sha256"]))
    if not is_safe(item.name):
        raise NotABackup(f"It names a file that no backup has: {item.name[:200]!r}.")
    if not _HASH.fullmatch(item.sha256):
        raise ValueError("not a hash")
    return item


def _keys(said: dict[str, Any]) -> Keys:
    flags = said["included"], said["from_environment"]
    if not all(isinstance(flag, bool) for flag in flags):
        raise TypeError("not a flag")
    return Keys(*flags, fingerprint=_text(said["fingerprint"]))


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > 4_096:
        raise TypeError("not a text")
    return said


def _count(said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or said < 0:
        raise TypeError("not a count")
    return said
