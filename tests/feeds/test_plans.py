"""How the database answers what hot pages ask: by an index, never by reading a whole table."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from community.models import Note
from feeds import hot
from feeds.discover import build_discover
from tests.conftest import forget_all

# Tables that grow with people, notes and what they do.
BIG = {
    "accounts_follow", "accounts_profile", "accounts_user", "community_collect",
    "community_comment", "community_like", "community_note", "community_noteimage",
    "community_notestats", "community_share", "community_taggednote", "django_session",
    "feeds_event", "feeds_feedlist", "feeds_impression", "feeds_interest", "feeds_livenote",
    "feeds_notehour", "feeds_pooldelivery", "feeds_poolentry", "feeds_timelineentry",
    "notifications_notification", "outbox_job",
}  # fmt: skip
# Read from end to end all the same (parts of the statements), and why that is borne.
BORNE = (
    # Whether anybody has so many followers: asked once a minute by each process, and an index would
    # be written by every follow.
    'SELECT 1 AS "a" FROM "accounts_profile" WHERE "accounts_profile"."followers_count" >',
    # Hot searches count people of the last day, once a minute in each process; docs/scaling.md.
    'AS "note__tagged__tag"',
    'FROM "searches_searchlog" INNER JOIN "accounts_user"',
    # Few topics; with hardly any tags the planner begins with the notes.
    'FROM "topics_topic"',
)
NAMED = re.compile(r'(?:FROM|JOIN|,)\s+"?(\w+)"?(?:\s+(?:AS\s+)?"?(\w+)"?)?', re.I)
SCAN = re.compile(r"^SCAN (\w+)(.*)")

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite")


@pytest.fixture
def seeded(db):
    call_command("seed", "--people", "300", "--notes", "3000", stdout=StringIO())
    now = timezone.now()
    # What the clock makes, whatever it reads: no page waits for it.
    hot.build_hot(now=now)
    build_discover(None, now=now)
    reader = User.objects.filter(profile__following_count__gt=5, profile__followers_count__gt=5)
    return reader.first()


def pages_of(reader):
    note = Note.objects.filter(author__followed_by__follower=reader).order_by("-pk").first()
    return [
        "/", "/follow/", "/hot/", "/nearby/?lat=31.2&lon=121.5", note.get_absolute_url(),
        f"/people/{note.author.username}/", f"/people/{reader.username}/", "/search/?q=tide",
        "/notifications/", f"/channels/{note.channel.slug}/", "/api/v1/me/",
        f"/api/v1/notes/{note.pk}/comments/",
    ]  # fmt: skip


def whole_readings(sql):
    """Big tables that a statement reads from end to end."""
    plan = connection.connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    names = {}
    for table, alias in NAMED.findall(sql):
        names[alias or table] = table
        names[table] = table
    for *_numbers, step in plan:
        if match := SCAN.match(step):
            table = names.get(match[1], match[1])
            # In the order of an index, and ended by a limit, it reads as many rows as it shows.
            stops = "USING" in match[2] and " LIMIT " in sql.upper()
            if table in BIG and not stops and not any(part in sql for part in BORNE):
                yield f"{step}: {sql[:300]}"


def asked_by(client, path):
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return [q["sql"] for q in captured.captured_queries if q["sql"].startswith(("SELECT", "WITH"))]


def test_hot_pages_read_no_big_table_from_end_to_end(seeded):
    client = Client()
    client.force_login(seeded, backend="accounts.backends.PersonBackend")
    found, number = set(), 0
    for path in pages_of(seeded):
        for _again in range(2):  # cold and warm
            asked = asked_by(client, path)
            number += len(asked)
            found |= {f"{path}: {row}" for sql in asked for row in whole_readings(sql)}
        forget_all()
    assert number > 100
    assert found == set(), "\n\n".join(sorted(found))


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT * FROM community_note n WHERE n.title LIKE '%a%'", "SCAN n"),
        ("SELECT COUNT(*) FROM feeds_event", "SCAN feeds_event"),
        ("SELECT id FROM community_note ORDER BY published_at DESC LIMIT 5", ""),
        ("SELECT * FROM community_note WHERE id = 1", ""),
        ("SELECT * FROM community_channel", ""),
    ],
)
def test_what_reads_everything_is_found(db, sql, fault):
    """The control."""
    connection.ensure_connection()
    found = "".join(whole_readings(sql))
    assert fault in found if fault else not found
