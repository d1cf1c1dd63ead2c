"""What a person sees: one line per event, each with the name of who says it.

With ROCKPOOL_LOG_FORMAT=json a program reads it: each line is an object then, whoever said it.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
import threading
from datetime import UTC, datetime
from pathlib import Path

COLOURS = {"web": "36", "worker": "35", "beat": "33", "pool": "32", "trouble": "31"}
NAME_WIDTH = max(map(len, COLOURS))
# What those say is not of our making, and may quote people.
SERVICES = frozenset({"web", "worker", "beat"})
# How a line begins that is JSON already (community/operations/logs.py).
JSON_BEGINS = '{"at":'
# load_demo writes its log-ins here, one a line, for people to read.
DEMO_LOGINS = "demo_logins.txt"

_one_at_a_time = threading.Lock()


def say(text: str, *, who: str = "pool") -> None:
    """Print one line, whole even when several threads speak; a closed terminal is no error."""
    with _one_at_a_time:
        try:
            sys.stdout.write(f"{_line(text, who)}\n")
            sys.stdout.flush()
        except (BrokenPipeError, OSError):
            pass


def say_trouble(text: str) -> None:
    """One clear paragraph on the error stream."""
    if _for_programs():
        print(_as_json(text, "trouble"), file=sys.stderr, flush=True)
        return
    wrapped = textwrap.fill(text, width=88, break_long_words=False, break_on_hyphens=False)
    print(f"\n{wrapped}\n", file=sys.stderr, flush=True)


def say_open(address: str, data: Path, pid: int) -> None:
    """That people may come, and where."""
    if _for_programs():
        say(f"Rockpool is open: {address}")
    else:
        print(banner(address, data, pid), flush=True)


def banner(address: str, data: Path, pid: int) -> str:
    lines = [
        "",
        f"  Rockpool 潮池 is open:  {address}",
        f"  Data: {data}",
        f"  Stop: Ctrl-C    Reload the web: kill -HUP {pid}",
    ]
    logins = data / DEMO_LOGINS
    if logins.exists():
        lines += ["", "  Demo log-ins:"]
        lines += [f"    {line}" for line in logins.read_text(encoding="utf-8").splitlines()]
    return "\n".join([*lines, ""])


def _for_programs() -> bool:
    return os.environ.get("ROCKPOOL_LOG_FORMAT") == "json"


def _line(text: str, who: str) -> str:
    # What is JSON is for programs: a name before it would spoil it.
    if text.startswith(JSON_BEGINS):
        return text
    return _as_json(text, who) if _for_programs() else f"{_coloured(who)} {text}"


def _as_json(text: str, who: str) -> str:
    if who in SERVICES:
        from community.operations.logs import without_persons

        text = without_persons(text)
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "ERROR" if who == "trouble" else "INFO",
        "logger": f"rockpool.{who}",
        "message": text,
    }
    return json.dumps(line, ensure_ascii=False)


def _coloured(who: str) -> str:
    label = f"{who:<{NAME_WIDTH}} |"
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return label
    return f"\033[{COLOURS.get(who, '0')}m{label}\033[0m"
