"""Drills use the database in a file of the storms, and communities in processes of their own."""

from __future__ import annotations

from tests.drills.house import community  # noqa: F401 (a fixture)
from tests.storms.conftest import at_once, file_database  # noqa: F401 (fixtures)
