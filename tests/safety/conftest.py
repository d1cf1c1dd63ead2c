"""Browsers that really log in, each a device of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

PASSWORD = "tide-and-rock-9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/605.1.15"


@pytest.fixture
def log_in() -> Callable[..., Client]:
    """A browser in which this person typed name and password; it may be asked for more."""

    def arrive(
        person: Any,
        agent: str = FIREFOX,
        address: str = "203.0.113.9",
        client: Client | None = None,
        password: str = PASSWORD,
    ) -> Client:
        client = client or Client(
            headers={"user-agent": agent}, REMOTE_ADDR=address, enforce_csrf_checks=False
        )
        client.post("/account/login/", {"login": person.username, "password": password})
        return client

    return arrive
