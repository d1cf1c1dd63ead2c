"""The name of a file in an S3-compatible store, asked as one asks a pathlib.Path."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import storages

from .absence import absence_of

logger = logging.getLogger(__name__)

# What is read whole is kept in memory up to this size, and in a temporary file above it.
IN_MEMORY = 4 * 1024 * 1024
GONE = frozenset({"404", "NoSuchKey", "NotFound"})


class StoreAway(Exception):
    """The store does not answer, or refuses us. The file may well be there: ask again."""


class StoreSilent(StoreAway):
    """Nobody answered at all: the next one would wait for as long."""


@dataclass(frozen=True, slots=True)
class Stat:
    st_size: int
    # Seconds since 1970.
    st_mtime: float


@dataclass(frozen=True, slots=True)
class StoredPath:
    """`alias` is one of Django's STORAGES, `key` the name in it, without a slash at either end."""

    alias: str
    key: str = ""

    def __truediv__(self, name: str) -> StoredPath:
        return StoredPath(self.alias, f"{self.key}/{name}" if self.key else name)

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name

    @property
    def parent(self) -> StoredPath:
        return StoredPath(self.alias, self.key.rpartition("/")[0])

    # ------------------------------------------------------------ reading
    def exists(self) -> bool:
        """Raises StoreAway: not to be reached is not to be missing."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def stat(self) -> Stat:
        """Raises FileNotFoundError, StoreAway."""
        found = self._ask(lambda: self._object().meta.client.head_object(**self._where()))
        return Stat(found["ContentLength"], found["LastModified"].timestamp())

    def open(self, mode: str = "rb") -> IO[bytes]:
        """The whole file, to be read. Raises FileNotFoundError, StoreAway."""
        if mode != "rb":
            raise ValueError("Files in the store are written whole.")
        local: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._ask(lambda: self._fetch(local))
        local.seek(0)
        return local

    def _fetch(self, local: IO[bytes]) -> None:
        """In one stream. boto3's own download tries five times what was tried twice already, which
        is most of a minute where the store hangs, and then raises what is no error of its own."""
        body = self._object().get()["Body"]
        try:
            shutil.copyfileobj(body, local, IN_MEMORY)
        finally:
            body.close()

    def read(self, part: range, chunk: int) -> Iterator[bytes]:
        """These bytes, in pieces of at most `chunk`. Raises FileNotFoundError, StoreAway."""
        if not part:
            return
        asked = f"bytes={part.start}-{part.stop - 1}"
        body = self._ask(lambda: self._object().get(Range=asked))["Body"]
        try:
            yield from body.iter_chunks(chunk)
        finally:
            body.close()

    def below(self) -> Iterator[tuple[StoredPath, float]]:
        """Everything whose name begins with this folder's, with the time of its last change."""
        storage = self._store()
        start = len(storage.location.strip("/")) + 1 if storage.location else 0
        for found in self._ask(lambda: list(self._listed())):
            yield StoredPath(self.alias, found.key[start:]), found.last_modified.timestamp()

    # ------------------------------------------------------------ writing
    def write(self, content: File[Any]) -> None:
        """Replaced in one step, or not at all. Raises StoreAway."""
        self._ask(lambda: self._store().save(self.key, content))

    def copy_to(self, target: StoredPath) -> None:
        """Raises FileNotFoundError, StoreAway."""
        self._ask(lambda: target._object().copy(self._where()))

    def unlink(self, missing_ok: bool = False) -> None:
        """Raises FileNotFoundError unless that is well; what stays is logged."""
        if not missing_ok and not self.exists():
            raise FileNotFoundError(self.key)
        self._remove(folder=False)

    def remove_below(self) -> None:
        """Everything in this folder; what stays is logged."""
        self._remove(folder=True)

    def remove(self, *, folder: bool) -> None:
        """The file, or all that is in the folder; what is not there is gone already. Raises
        StoreAway, also where only a part could be removed."""
        self._ask(self._delete_below if folder else lambda: self._store().delete(self.key))

    def _delete_below(self) -> None:
        for answer in self._listed().delete():
            for refused in answer.get("Errors", ()):  # the answer as a whole is a success
                raise StoreAway(str(refused.get("Code", "")))

    def _remove(self, *, folder: bool) -> None:
        """On the way to something else, or of what is swept up later."""
        try:
            self.remove(folder=folder)
        except StoreAway as away:
            logger.error("%s could not be removed from the store (%s)", self.key, away)

    # ------------------------------------------------------------ the store itself
    def _store(self) -> Any:
        """django-storages' S3Storage, which knows bucket, folder and key."""
        return storages[self.alias]

    def _object(self) -> Any:
        return self._store().bucket.Object(self._where()["Key"])

    def _where(self) -> dict[str, str]:
        storage = self._store()
        return {"Bucket": storage.bucket_name, "Key": self._full_key()}

    def _full_key(self) -> str:
        return "/".join(part for part in (self._store().location.strip("/"), self.key) if part)

    def _listed(self) -> Any:
        if not self.key and not self._store().location:
            raise ValueError("This is the whole bucket.")
        return self._store().bucket.objects.filter(Prefix=f"{self._full_key()}/")

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Pictures are asked for by the dozen: where the store hangs, they would hold every place
        of the web, one dozen after another (drill F7)."""
        storage = self._store()
        absence = absence_of(f"{storage.endpoint_url}/{storage.bucket_name}")
        if absence.lasts:
            raise StoreSilent("away since a moment ago")
        try:
            with _in_our_words(self.key):
                return question()
        except StoreSilent:
            client, bucket = storage.connection.meta.client, storage.bucket_name
            absence.begin(lambda: _answers(client, bucket))
            raise


@contextmanager
def _in_our_words(key: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in GONE:
            raise FileNotFoundError(key) from error
        raise StoreAway(code) from error
    except (BotoCoreError, Boto3Error) as error:
        # Its kind only: the words of some errors hold addresses.
        raise StoreSilent(type(error).__name__) from error


def _answers(client: Any, bucket: str) -> bool:
    """Whether the store says anything, be it that it refuses us."""
    try:
        with _in_our_words(bucket):
            client.head_bucket(Bucket=bucket)
    except StoreSilent:
        return False
    except (StoreAway, FileNotFoundError):
        pass
    return True
