"""What a person sees: one line per event, each with the name of who says it."""

from __future__ import annotations

import os
import sys
import textwrap
import threading
from pathlib import Path

COLOURS = {"web": "36", "worker": "35", "beat": "33", "pool": "32", "trouble": "31"}
NAME_WIDTH = max(map(len, COLOURS))
# load_demo writes its log-ins here, one a line, for people to read.
DEMO_LOGINS = "demo_logins.txt"

_one_at_a_time = threading.Lock()


def say(text: str, *, who: str = "pool") -> None:
    """Print one line, whole even when several threads speak; a closed terminal is no error."""
    with _one_at_a_time:
        try:
            # What is JSON is for programs: a name before it would spoil it.
            line = text if text.startswith('{"at":') else f"{_coloured(who)} {text}"
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except (BrokenPipeError, OSError):
            pass


def say_trouble(text: str) -> None:
    """One clear paragraph on the error stream."""
    wrapped = textwrap.fill(text, width=88, break_long_words=False, break_on_hyphens=False)
    print(f"\n{wrapped}\n", file=sys.stderr, flush=True)


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


def _coloured(who: str) -> str:
    label = f"{who:<{NAME_WIDTH}} |"
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return label
    return f"\033[{COLOURS.get(who, '0')}m{label}\033[0m"
