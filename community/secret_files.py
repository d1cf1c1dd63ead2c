"""Settings that are secret may lie in files: NAME_FILE names the file of NAME."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str, default: str = "") -> str:
    """The setting itself, else the content of the file that NAME_FILE names, else the default.

    Raises ImproperlyConfigured where a file is named and cannot be read: a secret that is missing
    must not silently become an empty one.
    """
    if value := os.environ.get(name, ""):
        return value
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {path} ({error}).") from error
