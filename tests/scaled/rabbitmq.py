"""A RabbitMQ of our own: a node that knows nobody, with its own cookie, folder and name service."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from .server import Missing, Server, as_somebody_else, free_port, running
from .servers import temporary_folder

# Debian's command of this name changes to its own user and to the folders of the system's node.
PROGRAMS = (Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),)


@contextlib.contextmanager
def rabbitmq_server() -> Iterator[Server]:
    """A running RabbitMQ that keeps its durable queues over a kill. Raises Missing."""
    program, names = _program(), _name_service()
    password = secrets.token_hex(16)
    with temporary_folder() as folder:
        port, names_port = free_port(), free_port()
        _configure(folder, port, password)
        person = as_somebody_else(folder)
        environment = _environment(folder, port, names_port)
        # The name service of Erlang would stay behind as a daemon; as a process of ours it ends.
        epmd = Server(
            [names, "-port", str(names_port), "-address", "127.0.0.1"],
            folder, names_port, environment=environment, person=person,
        )  # fmt: skip
        node = Server(
            [program], folder, port, f"amqp://rockpool:{password}@127.0.0.1:{port}//",
            environment=environment, person=person,
        )  # fmt: skip
        with running(epmd), running(node):
            yield node


def _program() -> Path:
    for program in PROGRAMS:
        if program.exists():
            return program
    if found := shutil.which("rabbitmq-server"):
        return Path(found)
    raise Missing("RabbitMQ is not installed. On Debian: sudo apt-get install rabbitmq-server")


def _name_service() -> str:
    """The path of epmd, which comes with Erlang."""
    if found := shutil.which("epmd"):
        return found
    raise Missing("Erlang's epmd is not installed. On Debian: sudo apt-get install erlang-base")


def _configure(folder: Path, port: int, password: str) -> None:
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.local = 127.0.0.1:{port}\n"
        f"default_user = rockpool\ndefault_pass = {password}\n"
        # What is free on the disk of a test says nothing.
        "disk_free_limit.absolute = 1MB\nlog.console = true\nlog.file = false\n"
    )
    (folder / "plugins").write_text("[].\n")


def _environment(folder: Path, port: int, names_port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(folder),  # of the cookie
        "ERL_EPMD_PORT": str(names_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"rockpool-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "nothing"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
