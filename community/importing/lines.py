"""From a file to JSON objects, one line at a time, whatever is in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import orjson

# A note's longest body, every character written as an escape, is 30 kB; a line never needs more.
LONGEST_LINE = 256 * 1024
DEEPEST = 6

Line = bytes | dict[str, Any]


class BadLine(ValueError):
    """Why a line is not taken, in words for the person who wrote the file."""


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines of a file; of one that is too long only the beginning is kept, enough to be refused."""
    while line := file.readline(LONGEST_LINE + 2):
        yield line
        while len(line) == LONGEST_LINE + 2 and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 2)


def numbered(lines: Iterable[Line]) -> Iterator[tuple[int, Line]]:
    """Lines that say something, with their number from 1; blank ones only count."""
    for number, line in enumerate(lines, start=1):
        if isinstance(line, dict) or line.strip():
            yield number, line


def decode(line: Line) -> dict[str, Any]:
    """The JSON object of a line. Raises BadLine."""
    if isinstance(line, dict):
        return line
    if len(line) > LONGEST_LINE:
        raise BadLine(f"the line is longer than {LONGEST_LINE // 1024} kB")
    if _nests_too_deep(line):
        raise BadLine("too deeply nested")
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(values, dict):
        raise BadLine("not a JSON object")
    return values


def _nests_too_deep(line: bytes) -> bool:
    """Whether brackets could open more than DEEPEST levels.

    The cheap count decides for nearly every line; brackets inside texts only cost a closer look.
    """
    if line.count(b"[") + line.count(b"{") <= DEEPEST:
        return False
    depth, in_text, escaped = 0, False, False
    for byte in line:
        if in_text:
            in_text = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            in_text = True
        elif byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif byte in b"]}":
            depth -= 1
    return False
