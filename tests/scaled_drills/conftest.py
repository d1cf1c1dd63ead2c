"""Skipped where `make drills-scaled` has not started servers."""

from __future__ import annotations

import os

import pytest

from tests.scaled_drills.house import broker, community, database

__all__ = ["broker", "community", "database"]


@pytest.fixture(autouse=True)
def servers_are_there() -> None:
    if not os.environ.get("ROCKPOOL_TEST_DRILLS"):
        pytest.skip("needs servers of its own: make drills-scaled")
