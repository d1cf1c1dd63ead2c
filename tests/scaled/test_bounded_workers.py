"""A worker gives up a connection that swallows everything, and the next one is whole."""

from __future__ import annotations

import os
import time
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.signals import connection_created

from community import bounded_workers
from tests.scaled.fault_proxy import proxied

pytestmark = pytest.mark.skipif(
    not os.environ.get("ROCKPOOL_TEST_TEMPLATE"), reason="needs PostgreSQL: make test-scaled"
)


@pytest.fixture
def through(db):
    """A connection of Django's own through a proxy, as a worker opens it; the proxy with it."""
    settings = connection.settings_dict
    address = f"postgres://{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    with proxied(address) as (proxy, there):
        other = connections.create_connection("default")
        other.settings_dict = settings | {
            "PORT": str(urlsplit(there).port), bounded_workers.SECONDS: 1,
        }  # fmt: skip
        yield proxy, other
        other.close()
    connection_created.disconnect(dispatch_uid="bounded connections")


def ask(other):
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def test_an_answer_that_does_not_come_is_given_up_and_the_next_one_comes(through):
    proxy, other = through
    bounded_workers.bound_this_process()
    assert ask(other) == (1,)
    proxy.hang()
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask(other)
    assert 0.8 < time.monotonic() - began < 5
    assert other.connection.closed
    proxy.mend()
    other.close()
    assert ask(other) == (1,)


def test_a_slow_answer_that_comes_in_time_is_one(through):
    _proxy, other = through
    bounded_workers.bound_this_process()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.6)")
        cursor.execute("SELECT pg_sleep(0.6)")  # each by itself
        assert cursor.fetchone() == ("",)


def test_commands_are_not_bounded(through):
    """The control: without Celery's word nobody's connection has the clock."""
    _proxy, other = through
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.5)")
        assert cursor.fetchone() == ("",)
