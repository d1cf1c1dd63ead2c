"""People whose archives are made, and what is in the files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from community.archives import services
from community.archives.models import Archive
from community.outbox import jobs
from tests.conftest import forget_all

PASSWORD = "tide-and-rock-9"


class Opened:
    """An archive that was fetched: its sections as rows, its files as bytes."""

    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.zip.namelist()
        self.text = "\n".join(
            self.zip.read(name).decode() for name in self.names if not name.startswith("media/")
        )

    def rows(self, section: str) -> list[dict[str, Any]]:
        lines = self.zip.read(f"{section}.jsonl").decode().splitlines()
        return [json.loads(line) for line in lines]

    def one(self, section: str) -> dict[str, Any]:
        (row,) = self.rows(section)
        return row

    def json(self, name: str) -> Any:
        return json.loads(self.zip.read(name))


@pytest.fixture
def make_archive(db: None) -> Callable[[Any], Opened]:
    """Ask, work, and open what is there then."""

    def make(person: Any) -> Opened:
        forget_all()  # the rate
        archive = services.ask_for_archive(person=person, now=timezone.now())
        while jobs.work_off("archives"):
            pass
        archive.refresh_from_db()
        assert archive.state == Archive.State.READY, archive.trouble
        return Opened(services.file_of(archive).read_bytes())

    return make


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    def log_in(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return log_in


def photo(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    file.seek(0)
    file.name = "pool.jpg"
    return file
