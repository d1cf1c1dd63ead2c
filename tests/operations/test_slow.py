"""Slow statements are told with their request, and without anything that somebody typed."""

from __future__ import annotations

import json
import logging

import pytest

from accounts.models import User
from community.operations import slow
from community.operations.logs import JsonLines, about


@pytest.fixture
def told(db, settings, caplog):
    """What is told with this many seconds as the limit."""

    def run(seconds, ask):
        settings.SLOW_QUERY_SECONDS = seconds
        caplog.clear()
        with caplog.at_level(logging.WARNING, "rockpool.slow"):
            ask()
        settings.SLOW_QUERY_SECONDS = 60
        return [record for record in caplog.records if record.name == "rockpool.slow"]

    return run


def ask_for_the_secret():
    list(User.objects.filter(username="quokka").extra(where=["username <> 'wombat''s'"]))


def test_a_slow_statement_is_told_without_its_values(told):
    (record,) = told(0.000001, ask_for_the_secret)
    with about(request="r-17"):
        line = json.loads(JsonLines().format(record))
    assert line["request"] == "r-17"
    assert "accounts_user" in line["message"]
    assert line["milliseconds"] > 0
    assert "quokka" not in str(line)
    assert "wombat" not in str(line)


def test_a_quick_one_is_not(told):
    assert told(60, ask_for_the_secret) == []


def test_each_connection_is_watched_once_and_only_if_asked_for(settings):
    class Connection:
        execute_wrappers: list = []  # noqa: RUF012

    settings.SLOW_QUERY_SECONDS = 0
    slow.watch(Connection)
    assert Connection.execute_wrappers == []
    settings.SLOW_QUERY_SECONDS = 1
    slow.watch(Connection)
    slow.watch(Connection)
    assert Connection.execute_wrappers == [slow.measured]
