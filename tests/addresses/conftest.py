"""Browsers that really log in."""

from tests.safety.conftest import log_in

__all__ = ["log_in"]
