"""PostgreSQL's kept plans when a migration changes a column under those who ask."""

from __future__ import annotations

import pytest
from django.db import NotSupportedError, connection, transaction

from accounts.prepared import Prepared
from community.models import Channel

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans")
OFTEN = 8


def a_kept_plan() -> Prepared:
    """Asked until its connection keeps the plan; then the column it reads becomes text."""
    found = Prepared(
        lambda slug: Channel.objects.filter(slug=slug).values_list("slug", flat=True), str
    )
    Channel.objects.create(slug="tides")
    for _ in range(OFTEN):
        assert found("tides") == ["tides"]
    migrating = connection.copy()
    with migrating.cursor() as cursor:
        cursor.execute("ALTER TABLE community_channel ALTER slug TYPE text")
    migrating.close()
    return found


def test_a_column_of_another_type_is_read_on_another_connection(file_database: str) -> None:
    found = a_kept_plan()
    before = connection.connection
    for _ in range(OFTEN):
        assert found("tides") == ["tides"]
    assert connection.connection is not before


def test_within_a_transaction_it_fails_once(file_database: str) -> None:
    found = a_kept_plan()
    with pytest.raises(NotSupportedError), transaction.atomic():
        found("tides")
    with transaction.atomic():
        assert found("tides") == ["tides"]
