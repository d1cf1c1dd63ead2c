"""Keys that are kept beside the data, made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def _signing_key() -> str:
    return secrets.token_urlsafe(50)


def read_or_create(
    data_dir: Path, name: str = "secret_key", make: Callable[[], str] = _signing_key
) -> str:
    """Return the key in `data_dir/name`, making it first where there is none.

    Two processes that start at once agree: the file is linked into place only if it is new.
    """
    path = data_dir / name
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
