"""PostgreSQL, Redis and an S3 server of our own, from installed packages: a free port, a temporary
folder, a password made up for this run, and nothing left when it is over."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .server import (
    STARTED_WITHIN_SECONDS,
    Missing,
    Server,
    as_somebody_else,
    free_port,
    running,
)

__all__ = [
    "Missing", "free_port", "postgresql", "postgresql_programs", "postgresql_server", "redis",
    "redis_server", "s3", "standby", "statement", "temporary_folder",
]  # fmt: skip
# What a test loses in a crash is no loss; every fsync would be time.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
BUCKET, REGION = "rockpool", "us-east-1"
SIZES = {"shared_buffers": "256MB", "max_connections": "300"}


def postgresql_programs() -> Path:
    """The folder of initdb and postgres, of the newest version. Raises Missing."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(
        versions, key=lambda path: int(path.parts[-3]) if path.parts[-3].isdecimal() else 0
    )
    if found:
        return found[-1].parent
    if there := shutil.which("initdb"):
        return Path(there).resolve().parent
    raise Missing("PostgreSQL is not installed. On Debian: sudo apt-get install postgresql")


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A running PostgreSQL; yields the address of its empty database `rockpool`."""
    with postgresql_server() as server:
        yield server.address


@contextlib.contextmanager
def postgresql_server(*, careful: bool = False) -> Iterator[Server]:
    """The same, as a process that can be stopped and started again. `careful`: what it has
    acknowledged outlives a kill."""
    programs, port, password = postgresql_programs(), free_port(), secrets.token_hex(16)
    with temporary_folder() as folder:
        person, environment = as_somebody_else(folder), _plain_environment()
        (folder / "password").write_text(password)
        subprocess.run(
            [
                programs / "initdb", "--pgdata", folder / "data", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--username", "rockpool", "--auth", "scram-sha-256",
                "--pwfile", folder / "password", "--no-sync",
            ],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, env=environment, **person,
        )  # fmt: skip
        address = f"postgres://rockpool:{password}@127.0.0.1:{port}"
        server = _cluster(programs, port, folder, f"{address}/rockpool", person, environment)
        if careful:
            server.command = [*server.command, "-c", "synchronous_commit=on"]
        with running(server):
            statement(f"{address}/postgres", "CREATE DATABASE rockpool TEMPLATE template0")
            yield server


def _cluster(
    programs: Path, port: int, folder: Path, address: str, person: Any, environment: Any
) -> Server:
    """The server of the cluster in `folder`/data."""
    told = CARELESS | SIZES | {
        "port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder),
    }  # fmt: skip
    options = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
    return Server(
        [programs / "postgres", "-D", folder / "data", *options],
        folder, port, address, environment=environment, person=person,
        # Sessions that are still there are cut off.
        farewell=signal.SIGINT,
    )  # fmt: skip


@contextlib.contextmanager
def standby(address: str) -> Iterator[str]:
    """A replica of a PostgreSQL of ours that follows it; yields its address."""
    programs, port = postgresql_programs(), free_port()
    with temporary_folder() as folder:
        person, environment = as_somebody_else(folder), _plain_environment()
        primary = urlsplit(address)._replace(path="/postgres").geturl()
        subprocess.run(
            [
                programs / "pg_basebackup", "--pgdata", folder / "data", "--dbname", primary,
                "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast",
                "--no-sync",
            ],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, env=environment, **person,
        )  # fmt: skip
        here = urlsplit(address)
        there = here._replace(netloc=f"{here.netloc.rpartition(':')[0]}:{port}").geturl()
        with running(_cluster(programs, port, folder, there, person, environment)) as server:
            yield server.address


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A running Redis; yields its address. Raises Missing."""
    with redis_server() as server:
        yield server.address


@contextlib.contextmanager
def redis_server() -> Iterator[Server]:
    """The same, as a process. What it knew is gone when it starts again. Raises Missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed. On Debian: sudo apt-get install redis-server")
    port, password = free_port(), secrets.token_hex(16)
    with temporary_folder() as folder:
        (folder / "redis.conf").write_text(
            f"port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {folder}\n"
            'save ""\nappendonly no\ndatabases 64\n'
        )
        address = f"redis://:{password}@127.0.0.1:{port}/0"
        command = [program, folder / "redis.conf"]
        with running(Server(command, folder, port, address, person=as_somebody_else(folder))) as it:
            yield it


@contextlib.contextmanager
def s3() -> Iterator[str]:
    """A running S3 server (moto, which keeps everything in memory and believes any key); yields
    the address of its empty bucket. Raises Missing."""
    if find_spec("moto") is None:
        raise Missing("moto is not installed: pip install -r requirements-scaled-dev.txt")
    import boto3

    port = free_port()
    with temporary_folder() as folder:
        command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
        with running(Server(command, folder, port)):
            address = f"http://127.0.0.1:{port}"
            keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
            client = boto3.client("s3", endpoint_url=address, region_name=REGION, **keys)
            client.create_bucket(Bucket=BUCKET)
            yield f"s3://key:secret@127.0.0.1:{port}/{BUCKET}?tls=0&region={REGION}"


def statement(address: str, sql: str) -> None:
    """Execute one statement outside a transaction."""
    import psycopg

    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while True:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(sql)
                return
        except psycopg.OperationalError:  # it listens, and is still reading its log
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rockpool-scaled-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plain_environment() -> dict[str, str]:
    """Without what the caller's shell tells PostgreSQL's own programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
