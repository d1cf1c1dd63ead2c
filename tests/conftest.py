"""Three people cover permissions: Alice writes, Bob follows her, Charlie is a stranger."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.drill_book import (  # noqa: F401 (hooks and a fixture, found by their names)
    figure,
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_runtest_setup,
    pytest_terminal_summary,
)
from tests.template import template

hypothesis_settings.register_profile(
    "busy-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy-machine")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> None:
    """The test database, in memory, copied from a migrated file instead of migrated once more."""
    from django.conf import settings as of_django
    from django.db import connection

    if connection.vendor != "sqlite":
        # tests/scaled makes its copies by itself.
        request.getfixturevalue("django_db_setup")
        return
    with django_db_blocker.unblock(), closing(sqlite3.connect(template())) as migrated:
        connection.close()
        in_memory = connection.creation._get_test_db_name()
        of_django.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = in_memory
        connection.ensure_connection()
        migrated.backup(connection.connection)
        # What tests with real transactions put back behind themselves.
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def nothing_remembered(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Each test starts with processes that remember nothing, and a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MODELS_DIR = tmp_path / "models"
    monkeypatch.setattr("community.outbox.jobs.WORK_BUDGET", timedelta(minutes=2))
    forget_all()
    yield
    forget_all()


@pytest.fixture(autouse=True)
def no_source_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A source that fails costs only itself on a page; in a test it costs the test."""
    yield
    failed = [record.getMessage() for record in caplog.records if record.name == "feeds.discover"]
    assert not failed, failed


def forget_all() -> None:
    from django.core.cache import cache

    from accounts.entry import blocks
    from community.artefacts import registry
    from community.lexicon import known_words
    from community.rules import book
    from feeds import policies
    from feeds.remembered import Remembered

    Remembered.forget_everything()
    # Known without asking, so that it is not among the questions that tests count.
    blocks._KNOWN["blocks"] = (time.monotonic() + 3_600, [])
    policies.forget()
    registry.forget()
    known_words.forget()
    book.forget()
    cache.clear()


@pytest.fixture
def make_person(db: None) -> Callable[..., Any]:
    from accounts.models import Profile, User

    def make(name: str, **fields: Any) -> User:
        person = User.objects.create_user(name, f"{name}@example.org", "tide-and-rock-9")
        Profile.objects.filter(person=person).update(active_on=timezone.now().date(), **fields)
        return User.objects.select_related("profile").get(pk=person.pk)

    return make


@pytest.fixture
def alice(make_person: Callable[..., Any]) -> Any:
    return make_person("alice")


@pytest.fixture
def bob(make_person: Callable[..., Any], alice: Any) -> Any:
    from accounts.services import follow_user

    bob = make_person("bob")
    follow_user(follower=bob, followed=alice)
    return bob


@pytest.fixture
def charlie(make_person: Callable[..., Any]) -> Any:
    return make_person("charlie")


@pytest.fixture
def channel(db: None) -> Any:
    from community.models import Channel

    return Channel.objects.get(slug="pottery")


def other_words(number: int) -> str:
    """Words that no other number has, longer than the text they make different."""
    chance = Random(number)
    syllables = [c + v for c in "bdfghklmnprstvz" for v in "aeiou"]
    words = ("".join(chance.choices(syllables, k=3)) for _ in range(40))
    return " ".join(words).capitalize() + "."


@pytest.fixture
def make_note(channel: Any) -> Callable[..., Any]:
    """A published note with enough substance to pass the quality bar; text card not drawn.

    Each says something else, so that none is taken for a copy of another.
    """
    from community.models import NoteImage
    from community.services.writing import NoteContent, publish_note, save_draft

    number = count()

    def make(
        author: Any,
        title: str = "Glazing my first bowl",
        *,
        ago: timedelta = timedelta(hours=1),
        publish: bool = True,
        **content: Any,
    ) -> Any:
        now = timezone.now() - ago
        content.setdefault("channel", channel)
        content.setdefault("tags", ["pottery", "glaze"])
        content.setdefault(
            "body",
            "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool."
            " The rim turned sea green where the glaze ran thin, and I would do it all again. "
            + other_words(next(number)),
        )
        note = save_draft(author=author, content=NoteContent(title=title, **content), now=now)
        if publish:
            note = publish_note(author=author, note_id=note.pk, now=now)
            NoteImage.objects.filter(note=note).update(state=NoteImage.State.READY)
        return note

    return make


@pytest.fixture
def work_off() -> Callable[..., int]:
    """Do all waiting jobs now, as a worker would, the drawing of pictures left out."""
    from community.outbox import jobs
    from community.outbox.models import Job

    def work(*queues: str) -> int:
        done = 0
        for queue in queues or ("fanout", "feeds", "default"):
            while count := jobs.work_off(queue):
                done += count
        assert not Job.objects.exclude(last_error="").exists(), list(
            Job.objects.values_list("kind", "last_error")
        )
        return done

    return work
