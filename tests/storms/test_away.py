"""A database that is locked or gone: 503 in the person's language, and 500 for our mistakes."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from unittest import mock

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from community.unavailable import status_of

SAID = {"en": "cannot be reached just now", "zh-hans": "暂时无法访问"}


@pytest.fixture
def locked(file_database):
    """Somebody holds the whole database, and nobody here waits long for it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's own states are a table below")
    connection.ensure_connection()
    with closing(sqlite3.connect(file_database, isolation_level=None)) as holder:
        connection.cursor().execute("PRAGMA busy_timeout=50")
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def patient_client(person=None):
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


@pytest.fixture
def client_of_bob(file_database, make_person):
    return patient_client(make_person("bob"))


@pytest.mark.parametrize("language", SAID)
def test_a_page_that_meets_a_lock_says_so_in_the_persons_language(client_of_bob, locked, language):
    answer = client_of_bob.post(
        "/language/", {"language": "en"}, headers={"accept-language": language}
    )
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert SAID[language] in answer.content.decode()


def test_the_api_says_it_as_a_problem(client_of_bob, locked):
    answer = client_of_bob.post("/api/v1/notes/", {}, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 503


def test_a_lock_that_ends_heals(client_of_bob, file_database):
    assert client_of_bob.post("/language/", {"language": "en"}).status_code < 400


def test_a_module_of_a_page_gets_a_line(client_of_bob, locked):
    answer = client_of_bob.post("/language/", {"language": "en"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#toasts")


def test_a_table_that_is_missing_is_our_mistake(db):
    with pytest.raises(DatabaseError) as missing, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert status_of(missing.value) is None


class Raised(Exception):
    """As a driver raises: with the state that the server gave, or none."""

    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def wrapped(sqlstate):
    error = OperationalError("not told")
    error.__cause__ = Raised(sqlstate)
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        *((wrapped(state), 503) for state in (None, "08006", "40P01", "55P03", "57014", "53300")),
        *((wrapped(state), None) for state in ("42P01", "22012")),
        (OSError(errno.ENOSPC, "full"), 507),
        (OSError(errno.EACCES, "ours"), None),
        (ValueError(), None),
        (None, None),
    ],
    ids=repr,
)
def test_which_failures_pass(error, status):
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("method", "state", "failures", "status", "calls"),
    [
        ("get", "40P01", 1, 200, 2),
        ("head", "40001", 1, 200, 2),
        ("get", "40P01", 2, 503, 2),  # once more, not for ever
        ("get", "57P01", 1, 503, 1),  # who is gone is gone a moment later, too
        ("post", "40P01", 1, 503, 1),  # a part of it may stand already
    ],
)
def test_what_lost_against_another_is_read_once_more(
    db, settings, method, state, failures, status, calls
):
    page = mock.Mock(side_effect=[wrapped(state)] * failures + [HttpResponse("tide")])
    page.csrf_exempt = True

    class Addresses:
        urlpatterns = (path("page/", page), path("", include("community.urls")))
        handler500 = "community.errors.server_error"

    settings.ROOT_URLCONF = Addresses
    answer = getattr(patient_client(), method)("/page/")
    assert (answer.status_code, page.call_count) == (status, calls)
