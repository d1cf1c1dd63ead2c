"""A test is one transaction that never commits: what waits for the commit is done at once."""

from __future__ import annotations

import pytest
from django.db import transaction


@pytest.fixture(autouse=True)
def commits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "on_commit", lambda function, **_options: function())
