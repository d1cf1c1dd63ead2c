"""The table of events by month on PostgreSQL: divided while people write, made ahead, dropped."""

# Names of tables are ours.
# ruff: noqa: S608

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction

from feeds import events, policies
from feeds.insights import audience, expiry, tasks
from feeds.models import Event
from feeds.partitions import dividing, keeping, layout
from feeds.policy import Policy

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("ROCKPOOL_TEST_TEMPLATE"), reason="needs PostgreSQL: make test-scaled"
    ),
    pytest.mark.usefixtures("file_database"),
]
Kind = Event.Kind
NOW = datetime.now(UTC)
MONTH = layout.month_of(NOW)
EDITOR = SimpleNamespace(connection=connection)


def asked(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []


def where(table):
    """Partition → events in it, of those that have any."""
    return dict(asked(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"))


def happened(at, *, feed="discover", digested=True):
    return Event.objects.create(
        person_id=1, note_id=1, kind=Kind.OPEN, feed=feed, at=at, digested=digested
    )


def divided_at(month):
    """As if it had been divided so long ago: months from then on, and nothing before."""
    asked(f"ALTER TABLE {layout.TABLE} DETACH PARTITION {layout.BEFORE}")
    asked(
        f"ALTER TABLE {layout.TABLE} ATTACH PARTITION {layout.BEFORE}"
        f" FOR VALUES FROM (MINVALUE) TO ('{month.isoformat()}')"
    )
    while month <= MONTH:
        if month not in layout.months():
            asked(dividing.new_month(month))
        month = layout.month_after(month)


def undivided():
    """The table as Django makes it."""
    asked(f"DROP TABLE {layout.TABLE}")
    with connection.schema_editor() as editor:
        editor.create_model(Event)
    assert not layout.is_divided()


# ---------------------------------------------------------------- dividing
def test_it_is_divided_while_people_write_and_nothing_is_lost_or_moved():
    undivided()
    first = [happened(NOW - timedelta(days=days)).pk for days in range(900, 0, -3)]
    (file_before,) = asked(f"SELECT pg_relation_filepath('{layout.TABLE}')")
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            written.append(happened(datetime.now(UTC), digested=False).pk)
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    dividing.divide(None, EDITOR)
    stop.wait(0.3)
    stop.set()
    for writer in writers:
        writer.join()
    assert layout.is_divided()
    assert sorted(Event.objects.values_list("pk", flat=True)) == sorted([*first, *written])
    assert len({*first, *written}) == len(first) + len(written)
    assert asked(f"SELECT pg_relation_filepath('{layout.BEFORE}')") == [file_before]
    assert where(layout.TABLE) == {layout.BEFORE: len(first) + len(written)}
    # The indexes of the whole are those that were there, not others built beside them.
    (count,) = asked(f"SELECT count(*) FROM pg_index WHERE indrelid = '{layout.BEFORE}'::regclass")
    assert count == (len(Event._meta.indexes) + 1,)
    assert happened(NOW).pk > max(written)


def test_dividing_again_changes_nothing_and_broken_off_it_begins_anew(monkeypatch):
    before = layout.months()
    dividing.divide(None, EDITOR)
    assert layout.months() == before
    undivided()
    happened(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(dividing, "_exchange", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            dividing.divide(None, EDITOR)
    happened(NOW)  # and people go on writing
    dividing.divide(None, EDITOR)
    assert (layout.is_divided(), Event.objects.count()) == (True, 2)


def test_the_model_finds_its_indexes_and_its_key():
    names = {name for (name,) in asked(
        "SELECT indexname FROM pg_indexes WHERE tablename = %s", layout.TABLE
    )}  # fmt: skip
    assert names == {"feeds_event_pkey", *(index.name for index in Event._meta.indexes)}


@contextmanager
def somebody_writes(at):
    """A transaction that has written an event of then and is not over; yields what ends it."""
    written, end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            happened(at)
            written.set()
            end.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(30)
    yield end.set
    end.set()
    writer.join()


def test_the_exchange_is_tried_again_where_somebody_holds_the_table(monkeypatch):
    undivided()
    exchange, asked_for = dividing._exchange, []
    with monkeypatch.context() as patch:
        patch.setattr(dividing, "_exchange", lambda *given: asked_for.append(given))
        dividing.divide(None, EDITOR)
    tries = []
    with somebody_writes(NOW) as end:
        monkeypatch.setattr(dividing.time, "sleep", lambda _: tries.append(end()))
        dividing.patiently(lambda: exchange(*asked_for[0]))
    assert tries
    assert (layout.is_divided(), Event.objects.count()) == (True, 1)


# ---------------------------------------------------------------- ahead
def test_months_are_made_ahead_once():
    newest = max(layout.months())
    assert tasks.make_months.run() == ""
    made = keeping.make_ahead(now=NOW + timedelta(days=150))
    assert made[0] == layout.name_of(layout.month_after(newest))
    assert max(layout.months()) == layout.month_after(layout.month_of(NOW + timedelta(days=150)), 3)
    assert keeping.make_ahead(now=NOW + timedelta(days=150)) == []


def test_what_came_when_no_month_was_there_moves_into_it():
    late = layout.month_after(max(layout.months())) + timedelta(days=3)
    stray = happened(late, digested=False)
    far = happened(late + timedelta(days=4_000))
    assert where(layout.TABLE) == {layout.DEFAULT: 2}
    keeping.make_ahead(now=late)
    assert where(layout.TABLE) == {layout.name_of(layout.month_of(late)): 1, layout.DEFAULT: 1}
    assert set(Event.objects.values_list("pk", flat=True)) == {stray.pk, far.pk}
    assert Event.objects.get(pk=stray.pk).digested is False


def test_a_month_is_left_to_the_next_round_where_somebody_writes(monkeypatch):
    monkeypatch.setattr(keeping, "PAUSE_SECONDS", 0)
    later = NOW + timedelta(days=100)
    with somebody_writes(NOW + timedelta(days=9_000)):
        assert keeping.make_ahead(now=later) == []
    assert keeping.make_ahead(now=later)


# ---------------------------------------------------------------- past
def keep(days):
    values = Policy().to_dict() | {"insights": {"keep_event_days": days}}
    policies.publish(values=values, by=None, remark="test")
    policies.forget()


def test_old_months_are_dropped_whole_when_everything_in_them_was_counted(alice, make_note):
    note = make_note(alice)
    divided_at(layout.month_after(MONTH, -6))
    keep(60)
    old = MONTH - timedelta(days=100)
    for days in range(5):
        at = old + timedelta(days=days)
        Event.objects.create(person_id=None, note=note, kind=Kind.OPEN, at=at)
    young = Event.objects.create(person_id=None, note=note, kind=Kind.OPEN, at=NOW)
    expiry.expire_events(now=NOW)
    assert Event.objects.count() == 6, "not digested"
    events.digest(now=NOW)
    expiry.expire_events(now=NOW)
    assert Event.objects.count() == 6, "not counted"
    audience.count_audiences(now=NOW)
    expiry.expire_events(now=NOW)
    assert set(Event.objects.values_list("pk", flat=True)) == {young.pk}
    oldest = NOW - timedelta(days=60)
    assert min(layout.months()) == layout.month_of(oldest), "that month is not over"
    # What comes as late as that is kept all the same.
    Event.objects.create(person_id=None, note=note, kind=Kind.OPEN, at=old, digested=True)
    assert where(layout.TABLE)[layout.DEFAULT] == 1
    assert expiry.expire_events(now=NOW) == 1


def test_what_an_import_brought_keeps_its_month_and_the_rest_of_it_goes():
    divided_at(layout.month_after(MONTH, -6))
    keep(60)
    old = layout.month_after(MONTH, -5) + timedelta(days=3)
    imported = happened(old, feed="import")
    for _ in range(3):
        happened(old)
    waiting = happened(layout.month_after(MONTH, -4) + timedelta(days=3), digested=False)
    assert expiry.expire_events(now=NOW) == 3
    assert set(Event.objects.values_list("pk", flat=True)) == {imported.pk, waiting.pk}
    assert layout.name_of(layout.month_after(MONTH, -5)) in layout.months().values()
    assert layout.month_after(MONTH, -6) not in layout.months()
    assert expiry.expire_events(now=NOW) == 0


def test_a_month_in_use_is_neither_dropped_nor_emptied_row_by_row(monkeypatch):
    monkeypatch.setattr(keeping, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(keeping, "TRIES", 1)
    divided_at(layout.month_after(MONTH, -6))
    keep(60)
    old = layout.month_after(MONTH, -5) + timedelta(days=3)
    happened(old)
    with somebody_writes(NOW):
        assert expiry.expire_events(now=NOW) == 0
        assert where(layout.TABLE)[layout.name_of(layout.month_of(old))] == 1
    expiry.expire_events(now=NOW)
    assert layout.month_of(old) not in layout.months()


def test_what_was_there_before_goes_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 7)
    keep(60)
    for days in range(200, 0, -1):
        happened(NOW - timedelta(days=days))
    assert expiry.expire_events(now=NOW) == 140
    assert Event.objects.count() == 60
    assert where(layout.TABLE) == {layout.BEFORE: 60}


# ---------------------------------------------------------------- plans
@pytest.mark.parametrize("bounded", [True, False], ids=["with times", "control"])
def test_a_digest_looks_only_into_the_months_of_its_events(bounded):
    divided_at(layout.month_after(MONTH, -12))
    rows = Event.objects.filter(pk__in=[1, 2, 3])
    if bounded:
        rows = rows.filter(at__gte=MONTH, at__lte=MONTH + timedelta(hours=1))
    looked_into = set(re.findall(r"\bfeeds_event_\d{4}_\d\d\b", rows.explain()))
    assert len(looked_into) == (1 if bounded else len(layout.months()))
