"""Tell the person who started Rockpool when it is open, and where."""

from __future__ import annotations

import http.client
import os
import time

from .console import say, say_open
from .options import Options

ASK_EVERY_SECONDS = 0.1
# When it is not well after this time, say what is missing and go on.
PATIENCE_SECONDS = 60.0


def announce_when_well(options: Options) -> None:
    """Print the banner when /healthz answers 200, or after a while what it says is missing."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    answer = "no answer yet"
    while time.monotonic() < give_up:
        status, answer = ask_health(options)
        if status == http.client.OK:
            address = f"http://{'localhost' if options.host == '127.0.0.1' else options.host}"
            say_open(f"{address}:{options.port}/", options.data, os.getpid())
            return
        time.sleep(ASK_EVERY_SECONDS)
    say(f"not well after {PATIENCE_SECONDS:.0f} s: {answer}", who="trouble")


def ask_health(options: Options, *, timeout: float = 5.0) -> tuple[int, str]:
    """Status and body of our own /healthz; (0, reason) when nobody answers."""
    first = os.environ.get("ROCKPOOL_ALLOWED_HOSTS", "").split(",")[0]
    allowed = first.strip().lstrip(".")
    headers = {"Host": "localhost" if allowed in ("", "*") else allowed}
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104 - compared only
    connection = http.client.HTTPConnection(host, options.port, timeout=timeout)
    try:
        connection.request("GET", "/healthz", headers=headers)
        response = connection.getresponse()
        return response.status, response.read(2_000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()
