"""PostgreSQL, Redis and an S3 server of our own, from installed packages: a free port, a temporary
folder, a password made up for this run, and nothing left when it is over."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

STARTED_WITHIN_SECONDS = 60
PEOPLE_WITHOUT_RIGHTS = ("postgres", "nobody")
# What a test loses in a crash is no loss; every fsync would be time.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
BUCKET, REGION = "rockpool", "us-east-1"
SIZES = {"shared_buffers": "256MB", "max_connections": "200"}


class Missing(Exception):
    """Something is not installed; says how to install it."""


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
    programs, port, password = postgresql_programs(), free_port(), secrets.token_hex(16)
    with temporary_folder() as folder:
        run = {**_as_somebody_else(folder), "cwd": folder, "env": _plain_environment()}
        (folder / "password").write_text(password)
        subprocess.run(
            [
                programs / "initdb", "--pgdata", folder / "data", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--username", "rockpool", "--auth", "scram-sha-256",
                "--pwfile", folder / "password", "--no-sync",
            ],
            check=True, stdout=subprocess.DEVNULL, **run,
        )  # fmt: skip
        with _running(programs, port, folder, run):
            address = f"postgres://rockpool:{password}@127.0.0.1:{port}"
            statement(f"{address}/postgres", "CREATE DATABASE rockpool TEMPLATE template0")
            yield f"{address}/rockpool"


@contextlib.contextmanager
def _running(programs: Path, port: int, folder: Path, run: dict[str, Any]) -> Iterator[None]:
    """The server of the cluster in `folder`/data, until the block ends."""
    told = CARELESS | SIZES | {
        "port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder),
    }  # fmt: skip
    options = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
    command = [programs / "postgres", "-D", folder / "data", *options]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, **run)
    try:
        _wait_for(port, server, folder / "log")
        yield
    finally:
        # Sessions that are still there are cut off.
        server.send_signal(signal.SIGINT)
        server.wait(30)


@contextlib.contextmanager
def standby(address: str) -> Iterator[str]:
    """A replica of a PostgreSQL of ours that follows it; yields its address."""
    programs, port = postgresql_programs(), free_port()
    with temporary_folder() as folder:
        run = {**_as_somebody_else(folder), "cwd": folder, "env": _plain_environment()}
        primary = urlsplit(address)._replace(path="/postgres").geturl()
        subprocess.run(
            [
                programs / "pg_basebackup", "--pgdata", folder / "data", "--dbname", primary,
                "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast",
                "--no-sync",
            ],
            check=True, stdout=subprocess.DEVNULL, **run,
        )  # fmt: skip
        with _running(programs, port, folder, run):
            here = urlsplit(address)
            where = here.netloc.rpartition(":")[0]
            yield here._replace(netloc=f"{where}:{port}").geturl()


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A running Redis; yields its address. Raises Missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed. On Debian: sudo apt-get install redis-server")
    port, password = free_port(), secrets.token_hex(16)
    with temporary_folder() as folder:
        (folder / "redis.conf").write_text(
            f"port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {folder}\n"
            'save ""\nappendonly no\ndatabases 64\n'
        )
        run = _as_somebody_else(folder)
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen(
                [program, folder / "redis.conf"], stdout=log, stderr=log, cwd=folder, **run
            )
        try:
            _wait_for(port, server, folder / "log")
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(30)


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
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(port, server, folder / "log")
            address = f"http://127.0.0.1:{port}"
            keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
            client = boto3.client("s3", endpoint_url=address, region_name=REGION, **keys)
            client.create_bucket(Bucket=BUCKET)
            yield f"s3://key:secret@127.0.0.1:{port}/{BUCKET}?tls=0&region={REGION}"
        finally:
            server.terminate()
            server.wait(30)


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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rockpool-scaled-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody_else(folder: Path) -> dict[str, object]:
    """How to start a process in this folder: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in PEOPLE_WITHOUT_RIGHTS:
        with contextlib.suppress(KeyError):
            person = pwd.getpwnam(name)
            os.chown(folder, person.pw_uid, person.pw_gid)
            return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL refuses to run as root, and there is no other user: run it as one.")


def _plain_environment() -> dict[str, str]:
    """Without what the caller's shell tells PostgreSQL's own programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')[-2000:]}")
