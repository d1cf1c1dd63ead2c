"""What may be told. Rooms above register their own kinds when they start."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHAPE = re.compile(r"[a-z_]{1,20}\.[a-z_]{1,20}")

KINDS: dict[str, str | Promise] = {"ping.sent": _("A test that you ask for")}
# Sent when asked for, whatever an address listens to.
PING = "ping.sent"


def register(kind: str, told: str | Promise) -> str:
    """Make a kind known, with the sentence that says when it is sent."""
    if not SHAPE.fullmatch(kind):
        raise ValueError(f"A kind reads like pool.promoted, not {kind!r}.")
    KINDS[kind] = told
    return kind
