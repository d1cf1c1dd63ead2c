"""Where rows, cache and tasks live: files beside the data, or PostgreSQL and Redis.

Read by the settings, so nothing here may import Django's applications. Addresses carry passwords:
what is said about a wrong one names its parts and never repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from community.bounded_connections import BoundedConnections
from community.secret_files import secret
from community.task_queues import VISIBILITY

Config = dict[str, Any]

# Django's own, a little quicker (community/sqlite/).
SQLITE = "community.sqlite"
# SQLite with exactly these settings: Django's defaults answer 78% of a like storm with errors,
# these none (docs/decisions/0003-sqlite-settings.md).
SQLITE_OPTIONS: Config = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
        " PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA foreign_keys=ON"
    ),
}
CACHE_INIT = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"

# What the address of a database may ask of libpq, beside what stands in its path.
LIBPQ = {
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "channel_binding",
    "target_session_attrs",
    "connect_timeout",
    "application_name",
    "host",
}
# A server that does not answer must not hold a page; a peer that is gone is noticed in a minute,
# also where it owes us the receipt of what we sent.
CONNECTING: Config = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "rockpool",
}
POOL: Config = {
    "min_size": 1,
    "max_idle": 120,
    # For a connection, also where a new one has to be opened.
    "timeout": 5,
    # A connection that cannot be opened is given up soon, and opened for whoever asks next. The
    # pool by itself would try for five minutes with pauses that double, and come back late.
    "reconnect_timeout": 2,
}
# Beyond what a statement may take, until the server is taken for one that hangs.
ANSWERED_LATE_SECONDS, ANSWERED_TO_WORKERS_SECONDS = 5, 30
REDIS_SOCKETS: Config = {"socket_connect_timeout": 3, "socket_timeout": 5}
# A page that has waited half a second for its cache is better off without.
CACHE_SOCKETS: Config = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


# ---------------------------------------------------------------- rows
def databases(environment: Mapping[str, str], *, folder: Path, web: bool, patient: bool) -> Config:
    """Django's DATABASES. `web`: this process answers requests, by many threads. `patient`: it may
    ask for hours, as migrations do. Raises ImproperlyConfigured."""
    address = secret("ROCKPOOL_DATABASE_URL", environment=environment)
    if not address:
        return {
            "default": _sqlite(folder / "db.sqlite3"),
            # The cache has a file of its own, so that it never waits for the community's writes.
            "cache": _sqlite(folder / "cache.sqlite3", init_command=CACHE_INIT),
        }
    found = {"default": _tuned(postgresql(address), environment, web=web, patient=patient)}
    if standby := secret("ROCKPOOL_REPLICA_URL", environment=environment):
        rows = postgresql(standby, name="ROCKPOOL_REPLICA_URL")
        found["replica"] = _tuned(rows, environment, web=web, patient=patient)
        _only_read(found["replica"])
    if not secret("ROCKPOOL_REDIS_URL", environment=environment):
        # A connection of its own, so that what was counted stays counted when a transaction ends
        # badly.
        found["cache"] = dict(found["default"])
    return found


def _tuned(rows: Config, environment: Mapping[str, str], *, web: bool, patient: bool) -> Config:
    """With its timeouts, and in a web process its pool."""
    statement = _number(environment, "ROCKPOOL_DATABASE_STATEMENT_TIMEOUT", 30)
    lock = _number(environment, "ROCKPOOL_DATABASE_LOCK_TIMEOUT", 10)
    limits = {"statement_timeout": 0 if patient else statement, "lock_timeout": lock}
    if statement and not patient:
        # Of who vanished in the middle: what they held would wait for the network to notice.
        limits["idle_in_transaction_session_timeout"] = statement + ANSWERED_TO_WORKERS_SECONDS
    if given := " ".join(f"-c {name}={1000 * s}" for name, s in limits.items() if s):
        rows["OPTIONS"]["options"] = given
    most = _number(environment, "ROCKPOOL_DATABASE_POOL", 12)
    # Without a pool of ours there is a pooler in between, which loses a cursor that outlives its
    # transaction. Everywhere else long results are read piece by piece.
    rows["DISABLE_SERVER_SIDE_CURSORS"] = not most
    if most:
        # Times that a prepared query is asked on one connection before its plan is kept.
        rows["OPTIONS"]["prepare_threshold"] = 5
    if statement and not patient:
        # For whoever asks for it (bounded_workers.py): nobody waits for a worker's answer, and a
        # server that was away for a moment may still give it.
        rows["ANSWERED_WITHIN_SECONDS"] = statement + ANSWERED_TO_WORKERS_SECONDS
    if web and most:
        # One connection waits, more are opened while they are needed.
        rows["OPTIONS"]["pool"] = POOL | {"max_size": most}
        if statement:
            seconds = statement + ANSWERED_LATE_SECONDS
            rows["OPTIONS"]["pool"]["connection_class"] = BoundedConnections(seconds)
        rows["CONN_MAX_AGE"] = 0
    return rows


def _only_read(rows: Config) -> None:
    """A standby: nobody waits long for it, since the other one can be asked."""
    if "pool" in rows["OPTIONS"]:
        rows["OPTIONS"]["pool"]["timeout"] = 2
    rows["OPTIONS"]["connect_timeout"] = 2
    rows["TEST"] = {"MIRROR": "default"}


def _sqlite(path: Path, **options: str) -> Config:
    return {
        "ENGINE": SQLITE,
        "NAME": path,
        "OPTIONS": SQLITE_OPTIONS | options,
        # Keep the connection of each thread: opening one costs more than a page's queries.
        "CONN_MAX_AGE": None,
    }


def postgresql(address: str, *, name: str = "ROCKPOOL_DATABASE_URL") -> Config:
    """One of Django's DATABASES for postgres://user:password@host:port/name?sslmode=…, where a
    folder as `host` is that of a local socket. Raises ImproperlyConfigured."""
    parts, port = _split(name, address, {"postgres", "postgresql"})
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise ImproperlyConfigured(
            f"{name} names no database: postgres://user:password@host:5432/name"
        )
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(asked) - LIBPQ):
        raise ImproperlyConfigured(f"{name} asks for unknown {', '.join(unknown)}.")
    _demand("psycopg", name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": CONNECTING | asked,
        "CONN_MAX_AGE": None,
        # After a restart of the server the first page asks on a fresh connection.
        "CONN_HEALTH_CHECKS": True,
    }


# ---------------------------------------------------------------- cache and tasks
def caches(environment: Mapping[str, str]) -> Config:
    """Django's CACHES: shared by all processes, as limits of rates need it."""
    address = secret("ROCKPOOL_REDIS_URL", environment=environment)
    if not address:
        return {
            "default": {
                "BACKEND": "community.counting_cache.CountingDatabaseCache",
                "LOCATION": "rockpool_cache",
                "TIMEOUT": 300,
                "OPTIONS": {"MAX_ENTRIES": 50_000},
            }
        }
    return {
        "default": {
            "BACKEND": "community.redis_cache.PatientRedisCache",
            # Beside the tasks, so that clearing the one leaves the other.
            "LOCATION": _next_database(address),
            "KEY_PREFIX": "rockpool",
            "TIMEOUT": 300,
            "OPTIONS": dict(CACHE_SOCKETS),
        }
    }


def broker(environment: Mapping[str, str], *, folder: Path) -> tuple[str, Config]:
    """Celery's broker and what its transport is told. The embedded one is a folder
    (community/broker.py says why it is our own)."""
    address = secret("ROCKPOOL_BROKER_URL", environment=environment)
    address = (
        address
        or secret("ROCKPOOL_REDIS_URL", environment=environment)
        or "atomicfiles://localhost"
    )
    scheme = address.partition(":")[0]
    if scheme == "atomicfiles":
        return address, {"folder": str(folder / "broker"), "polling_interval": 0.1}
    if scheme in ("redis", "rediss"):
        _redis("ROCKPOOL_BROKER_URL", address)
        # For this long Redis keeps a message that was not acknowledged before another worker gets
        # it. Nothing waits for that: tasks are doorbells, and what a dead worker held is retaken
        # from the database within a minute.
        patience = {
            "visibility_timeout": int(VISIBILITY.total_seconds()),
            # A connection that hangs is given up after twice this and a second.
            "health_check_interval": 10,
        }
        return address, REDIS_SOCKETS | patience | {"socket_keepalive": True}
    _split("ROCKPOOL_BROKER_URL", address, {"amqp", "amqps"})
    # RabbitMQ loses about one in two hundred messages of a crash without confirmation.
    return address, {"confirm_publish": True}


def _next_database(address: str) -> str:
    parts = _redis("ROCKPOOL_REDIS_URL", address)
    number = int(parts.path.strip("/") or 0)
    return parts._replace(path=f"/{number + 1}").geturl()


def _redis(name: str, address: str) -> SplitResult:
    parts, _port = _split(name, address, {"redis", "rediss"})
    if parts.path.strip("/") and not parts.path.strip("/").isdecimal():
        raise ImproperlyConfigured(f"{name} ends with the number of a database, such as /0.")
    _demand("redis", name)
    return parts


# ---------------------------------------------------------------- reading
def _split(name: str, address: str, schemes: set[str]) -> tuple[SplitResult, str]:
    """The parts of an address and its port, "" where none is said."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} cannot be read: characters such as @ : / # in a password are written as"
            " %40 %3A %2F %23, and a port is a number."
        ) from None
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(f"{name} begins with {sorted(schemes)[0]}://")
    if parts.fragment:
        raise ImproperlyConfigured(f"{name} cannot be read: # in a password is written as %23.")
    return parts, str(port or "")


def _demand(package: str, name: str) -> None:
    if find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{name} needs the package {package}: pip install -r requirements-scaled.txt"
        )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = secret(name, environment=environment)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is a whole number, 0 for none.")
    return int(value) if value else default
