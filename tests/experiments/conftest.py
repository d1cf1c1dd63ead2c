from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from feeds.experiments.models import Experiment

# What falls into arms by its number, and what salts them.
COUNTED = ("accounts_user", "community_note", "experiments_experiment")


@pytest.fixture(autouse=True)
def counted_from_one(request):
    """Arms follow from numbers, so every test begins with the same ones. PostgreSQL would go on
    after those of the test before, and one number in twenty belongs to the holdout."""
    if connection.vendor == "postgresql" and "db" in request.fixturenames:
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            for table in COUNTED:
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH 1")


@pytest.fixture
def operator(make_person):
    from accounts.models import User

    person = make_person("operator")
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=person.pk)


def two_arms(overrides: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": "as it is", "share": 500, "overrides": {}},
        {"name": "other", "share": 500, "overrides": overrides},
    ]


def drawn_up(name: str, overrides: dict[str, Any], **fields: Any) -> Experiment:
    fields = {"first_bucket": 50, "buckets": 950} | fields
    return Experiment.objects.create(name=name, arms=two_arms(overrides), **fields)
