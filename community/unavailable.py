"""What a failure says: the database is away for a while, the disk is full, or it is our mistake.

An OperationalError is raised for a server that is gone and for a table that is missing alike; the
database's own code behind it tells which. Whoever is told 503 may come back, so nothing that will
fail again in a minute is called that.
"""

from __future__ import annotations

import errno
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from accounts.file_store import StoreAway

# After so many seconds it is worth asking again.
RETRY_AFTER_SECONDS = 5

# SQLITE_BUSY_SNAPSHOT begins with SQLITE_BUSY, and so on.
_SQLITE_AWAY = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "PROTOCOL", "NOMEM")
)
# Connections, transactions undone, resources, locks not to be had, asked to stop, the system.
_POSTGRESQL_AWAY = ("08", "40", "53", "55P03", "57", "58")
# A serialization failure and a deadlock: undone whole, and likely to succeed when asked again.
_UNDONE = ("40001", "40P01")
_FULL = (errno.ENOSPC, errno.EDQUOT)


def status_of(error: BaseException | None) -> int | None:
    """503 where the database or the store of files is away, 507 where a disk is full, else None."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return 503 if _is_away(error) else None
    if isinstance(error, StoreAway):
        return 503
    if isinstance(error, OSError) and error.errno in _FULL:
        return 507
    return None


def was_undone(error: BaseException) -> bool:
    """Whether its transaction lost against another one, with nothing of it left."""
    return isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) in _UNDONE


def _is_away(error: Error) -> bool:
    cause = error.__cause__
    if name := getattr(cause, "sqlite_errorname", ""):
        return bool(name.startswith(_SQLITE_AWAY))
    # Without a state no server answered at all.
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_POSTGRESQL_AWAY)


class AskOnceMore:
    """Works on a page again, once, that was only read and whose transaction lost against another.

    What was sent to be written is never sent twice by us: a part of it may stand already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or request.method not in ("GET", "HEAD") or not was_undone(error):
            return None
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
