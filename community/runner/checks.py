"""What must be so before anything starts. Each failure is one paragraph that says what to do."""

from __future__ import annotations

import errno
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import psutil

OLDEST_PYTHON = (3, 11)
# Room for the database to grow while somebody notices; below it SQLite soon fails in mid-write.
LEAST_FREE_BYTES = 200_000_000


class CannotStart(Exception):
    """Rockpool cannot run here; the message tells a person why and what to do."""


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> None:
    if version[:2] < OLDEST_PYTHON:
        found, needed = (".".join(map(str, v)) for v in (version, OLDEST_PYTHON))
        raise CannotStart(f"This is Python {found}, and Rockpool needs {needed} or newer.")


def check_folder(data: Path) -> None:
    """Make the data folder and write into it once. Raises CannotStart."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
    except OSError as error:
        raise CannotStart(_folder_trouble(data, error)) from error


def _folder_trouble(data: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of the data folder is full: {data}. Free some space and start again."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"The data folder cannot be made, because a file is in its way: {data}."
    return (
        f"The data folder cannot be written: {data} ({error.strerror}). "
        "Change its owner, or choose another with make run DATA=/some/folder."
    )


def check_space(data: Path) -> None:
    """Raises CannotStart when less is free than LEAST_FREE_BYTES."""
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"The disk is nearly full: {free / 1e6:.0f} MB free for {data}, and Rockpool wants "
            f"{LEAST_FREE_BYTES / 1e6:.0f} MB. Free some space, or choose a folder on another disk "
            "with make run DATA=/some/folder."
        )


def check_port(host: str, port: int) -> None:
    """Bind once, without sharing the port, and let go. Raises CannotStart."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Connections of the last run that are still closing are no reason to refuse.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotStart(_port_trouble(host, port, error)) from error


def _port_trouble(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return (
            f"Port {port} is taken{_taken_by(port)}. "
            f"Stop that, or choose another port: make run PORT={other}."
        )
    if error.errno == errno.EACCES:
        return (
            f"Ports below 1024 are reserved, and this user may not open port {port}. "
            "Choose another: make run PORT=8000."
        )
    return f"Rockpool cannot listen on {host}:{port} ({error.strerror or error})."


def _taken_by(port: int) -> str:
    """Who listens on a port, in words, as far as this user may know."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                if connection.pid is None:
                    return " by another user's process"
                owner = psutil.Process(connection.pid)
                return f" by process {owner.pid} ({' '.join(owner.cmdline())[:80] or owner.name()})"
    except (OSError, psutil.Error):
        pass
    return ""
