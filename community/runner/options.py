"""The command line of `python -m community.runner`, as `make run` fills it in."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from community.task_queues import NAMES


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for."""

    host: str
    port: int
    data: Path
    demo: bool
    # make runs us as its child: when it is killed, nobody could stop us any more.
    stop_with_parent: bool
    # The queues that the worker serves, all where none is named; how many tasks it does at once.
    queues: tuple[str, ...] = ()
    processes: int | None = None


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="community.runner", description="Run Rockpool.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", default=8000, type=_port, help="port to listen on")
    parser.add_argument("--data", default=".data", type=_folder, help="folder of everything kept")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fill an empty community",
    )
    parser.add_argument(
        "--queues",
        default=(),
        type=_queues,
        help=f"what the worker serves, where the broker is a server: {','.join(NAMES)}",
    )
    parser.add_argument("--processes", type=_processes, help="tasks the worker does at once")
    parser.add_argument("--stop-with-parent", action="store_true", help=argparse.SUPPRESS)
    return Options(**vars(parser.parse_args(arguments)))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: choose a number from 1 to 65535")
    return int(text)


def _queues(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if unknown := [name for name in named if name not in NAMES]:
        raise argparse.ArgumentTypeError(
            f"no queue is called {unknown[0]!r}: choose of {', '.join(NAMES)}"
        )
    return named


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 256):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes from 1 to 256")
    return int(text)


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("the data folder needs a name")
    return Path(text).expanduser().absolute()
