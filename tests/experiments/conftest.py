from __future__ import annotations

from typing import Any

import pytest

from feeds.experiments.models import Experiment


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
