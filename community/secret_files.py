"""Settings that are secret may lie in files: NAME_FILE names the file of NAME."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str, default: str = "", *, environment: Mapping[str, str] = os.environ) -> str:
    """The setting itself, else what stands in the file that NAME_FILE names, else the default.

    Raises ImproperlyConfigured where both are set, and where a file is named and cannot be read or
    is empty: a secret that is missing must not silently become an empty one.
    """
    value, path = environment.get(name, "").strip(), environment.get(f"{name}_FILE", "").strip()
    if not path:
        return value or default
    if value:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {path} ({reason}).") from None
    if not found:
        raise ImproperlyConfigured(f"{name}_FILE names an empty file: {path}.")
    return found
