"""Every form of the site is sent twice as it was drawn: the second time makes nothing more.

A double click, a reload of the answer, a browser that repeats what got no answer. Forms are found
as in test_every_form.py; what each press did is counted in all tables and then undone.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.wallet.vouchers import make_batch

from .addresses import filled
from .forms import Form, forms_of
from .test_every_form import DESK, PAGES, keeper, known, logged_in, post, things

__all__ = ["keeper", "things"]  # fixtures
pytestmark = pytest.mark.drill

# Noted again, work is still done once (tests/storms/test_outbox.py).
NOTED = {"outbox.Job"}
# Every act of staff is in a log, and so is a second try that changed nothing.
LOGGED = {"admin.LogEntry", "moderation.LogLine"}
# Hours at which the scheduler could do something: doubled, they are one entry more to choose from.
HARMLESS = {"django_celery_beat.CrontabSchedule", "django_celery_beat.IntervalSchedule"}
# Secrets are shown only in the answer to the press that made them, so a second press makes another;
# each is listed on the page and can be ended there.
TOLD_ONCE = {"accounts.TokenName", "knox.AuthToken", "oauth2_provider.Application"}
# So many forms make something; fewer say that the sweep fills them in badly.
LEAST_MADE = 50
TABLES = {
    model._meta.db_table: model._meta.label
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
}
# ruff: noqa: S608 (the names are our models')
COUNTS = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in TABLES)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return {TABLES[table]: count for table, count in cursor.fetchall()}


def more(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {label: after[label] - before[label] for label in after if after[label] != before[label]}


@pytest.fixture
def words(keeper):
    """What people would write, by the name of a field or its type."""
    soon = timezone.now() + timedelta(days=3)
    _batch, (code,) = make_batch(
        by=keeper, key="b", name="Prizes", amount=500, count=1, uses=9, expires_at=soon,
        now=timezone.now(),
    )  # fmt: skip
    return {
        "text": "Words nobody had", "textarea": "Words nobody had", "search": "",
        "url": "https://example.org/x", "email": "new@example.org", "number": "1",
        "password": "tidepool-long-words", "date": f"{soon:%Y-%m-%d}", "time": "10:00",
        "datetime-local": f"{soon:%Y-%m-%dT%H:%M}", "to": "charlie", "username": "charlie",
        "name": "charlie", "slug": "newkiln", "addresses": "https://b.example/", "amount": "12.50",
        "price": "12.50", "code": code, "tags": "pottery", "title": "A title nobody had",
        "ends_at": f"{soon + timedelta(days=5):%Y-%m-%dT%H:%M}", "draft_by": f"{soon:%Y-%m-%d}",
    }  # fmt: skip


def pressed_twice(client: Client, names, things, words):
    """(address, what is added, answer's status, rows by the first press, rows by the second)."""
    seen = set()
    for name in sorted(names):
        for page_address in filled(name, known(things))[:1]:
            for form in posted(client.get(page_address)):
                fields = form.filled(words)
                assert len(fields) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, page_address
                for elsewhere, own in form.presses():
                    address = elsewhere or form.action.split("#")[0] or page_address
                    what = (address, tuple(own), tuple(sorted({name for name, _value in fields})))
                    if what in seen or "logout" in address:
                        continue
                    seen.add(what)
                    yield address, own, *twice(client, address, urlencode([*fields, *own]))


def twice(client, address, body):
    with transaction.atomic():
        cache.clear()
        before = rows()
        answer = post(client, address, body)
        once = rows()
        post(client, address, body)
        done = more(before, once), more(once, rows())
        transaction.set_rollback(True)
    return answer.status_code, *done


def posted(page) -> list[Form]:
    """The forms of a page that make or change something."""
    if page.streaming or "html" not in page.get("Content-Type", ""):
        return []
    forms = forms_of(page.content.decode(errors="replace"))
    return [form for form in forms if form.method == "post"]


def test_no_page_does_twice_what_is_pressed_twice(things, alice, words):
    tried = list(pressed_twice(logged_in(alice), PAGES, things, words))
    doubled = [
        (address, own, again)
        for address, own, _status, _first, again in tried
        if again.keys() - NOTED - TOLD_ONCE
    ]
    assert doubled == []
    made = {address for address, _own, _status, first, _again in tried if first.keys() - NOTED}
    assert len(made) >= LEAST_MADE, sorted(made)


def test_no_page_of_the_desk_does_twice_what_is_pressed_twice(things, keeper, words):
    tried = list(pressed_twice(logged_in(keeper), DESK, things, words))
    assert [each for each in tried if each[-1].keys() - NOTED - LOGGED - HARMLESS] == []
    assert any(first.keys() - LOGGED for *_what, first, _again in tried)


def test_what_is_done_twice_would_be_found(things, alice, words, monkeypatch):
    """The control: without the mark a comment pressed twice stands there twice."""
    monkeypatch.setattr("community.pressed_once.MARK", "no field has this name")
    tried = pressed_twice(logged_in(alice), {"comments"}, things, words)
    assert any("community.Comment" in again for *_what, again in tried)
