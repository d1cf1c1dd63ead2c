"""What is done to the community before it opens, in one process because starting Django costs most.

1. Read the settings; a setting that is missing is said in one paragraph.
2. With `--wait SECONDS`, wait for a database server that comes up later than we do.
3. Bring the database up to date, if there is anything to bring.
4. Forget the heartbeats of the last run: nobody lives yet.
5. Fill an empty community with the demo, if it was asked for.
"""

from __future__ import annotations

import argparse
import sys
import time

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection

from .console import say, say_trouble

BAD_SETTINGS = 78  # EX_CONFIG of sysexits.h
BAD_DATABASE = 74  # EX_IOERR
NO_DEMO = 69  # EX_UNAVAILABLE
LOOK_AGAIN_SECONDS = 2


def open_community(*, demo: bool, wait: float = 0) -> int:
    """Exit code: 0 when the community may open."""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        say_trouble(f"A setting is missing or wrong. {error}")
        return BAD_SETTINGS
    try:
        wait_for_database(wait)
        bring_up_to_date()
        forget_heartbeats()
        if demo and is_empty():
            return _load_demo()
    except DatabaseError as error:
        say_trouble(f"The database cannot be used: {error}. See docs/ for repair and restore.")
        return BAD_DATABASE
    return 0


def wait_for_database(seconds: float) -> None:
    """As after a reboot, when all of a machine's services start at once. Raises OperationalError
    when the server is not there by then."""
    give_up, said = time.monotonic() + seconds, ""
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if connection.vendor == "sqlite" or time.monotonic() >= give_up:
                raise
            if (why := str(error).strip().partition("\n")[0]) != said:
                say(f"waiting for the database: {why}")
                said = why
        time.sleep(LOOK_AGAIN_SECONDS)


def bring_up_to_date() -> None:
    from django.conf import settings

    from community.health import pending_migrations

    if pending_migrations():
        say("bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
    if "cache" in settings.DATABASES:
        call_command("createcachetable", database="cache", verbosity=0)


def forget_heartbeats() -> None:
    from community.outbox.models import Heartbeat

    Heartbeat.objects.all().delete()


def is_empty() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model().objects.exists()


def _load_demo() -> int:
    say("filling the empty community with the demo (once, about 20 seconds)")
    try:
        call_command("load_demo")
    except CommandError as error:
        say_trouble(f"The demo community cannot be loaded: {error}. Start empty: make run DEMO=0.")
        return NO_DEMO
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS")
    told = parser.parse_args()
    sys.exit(open_community(demo=told.demo, wait=told.wait))
