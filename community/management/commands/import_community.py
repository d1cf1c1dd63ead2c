"""python manage.py import_community PATH: read the format of docs/import-format.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.errors import DomainError
from community import signals
from community.importing.importer import import_lines
from community.importing.lines import read_lines
from community.importing.report import Refused
from community.operations.commands import CommunityCommand


class Command(CommunityCommand):
    help = "Import people, follows, notes and interactions from a JSON Lines file. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the .jsonl file; - reads standard input")
        parser.add_argument(
            "--source", help="name of where it comes from (default: the file's name)"
        )
        parser.add_argument(
            "--strict", action="store_true", help="exit with 1 when a line was refused"
        )
        parser.add_argument(
            "--cards", action="store_true", help="draw text cards for notes without a picture"
        )

    def handle(
        self, *, path: Path, source: str | None, strict: bool, cards: bool, **_: Any
    ) -> None:
        now = timezone.now()
        from_pipe = str(path) == "-"
        with _opened(path) as file, _bar(file, silent=from_pipe) as bar:
            try:
                report = import_lines(
                    _counted(read_lines(file), bar),
                    source=source or ("stdin" if from_pipe else path.name),
                    picture_source=None if from_pipe else pictures_in(path.parent),
                    cards=cards,
                    now=now,
                    on_refusal=self._say,
                )
            except DomainError as error:
                raise CommandError(str(error)) from error
        signals.community_loaded.send(sender=type(self), now=now)
        self.stdout.write("\n".join(report.table()))
        if strict and report.refused_lines:
            raise CommandError(f"{report.refused_lines} lines were refused.")

    def _say(self, refusal: Refused) -> None:
        tqdm.write(str(refusal), file=sys.stderr)


def pictures_in(folder: Path) -> Callable[[str], bytes]:
    """Reads picture files inside a folder, and nothing outside it."""
    root = folder.resolve()

    def read(name: str) -> bytes:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise ValueError("it lies outside the folder of the file")
        return path.read_bytes()

    return read


def _opened(path: Path) -> IO[bytes]:
    if str(path) == "-":
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _bar(file: IO[bytes], *, silent: bool) -> Any:
    """Bytes read of all; nothing is drawn where nobody watches."""
    total = None if silent else Path(file.name).stat().st_size
    return tqdm(total=total, unit="B", unit_scale=True, disable=silent or not sys.stderr.isatty())


def _counted(lines: Iterable[bytes], bar: Any) -> Iterator[bytes]:
    for line in lines:
        yield line
        bar.update(len(line))
