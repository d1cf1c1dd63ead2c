"""Browsers and programs of every kind of viewer, logged in before anything changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken


class Viewer:
    """One person's browser and program: a page's text or an answer's text, by address."""

    def __init__(self, person: Any = None) -> None:
        self.person = person
        self.browser, self.program = Client(), Client()
        if person is not None:
            self.browser.force_login(person, backend="accounts.backends.PersonBackend")
            _row, secret = AuthToken.objects.create(person)
            self.program = Client(headers={"Authorization": f"Token {secret}"})

    def asks(self, address: str) -> Any:
        """The answer to GET: pages with the browser, /api/ with the token; redirects followed."""
        client = self.program if address.startswith("/api/") else self.browser
        return client.get(address, follow=not address.startswith("/api/"))

    def reads(self, address: str) -> str:
        """What comes back, as text; nothing for a refusal that says nothing."""
        answer = self.asks(address)
        assert answer.status_code < 500, (address, answer.status_code)
        assert answer.status_code != 429, "the sweep itself is too frequent"
        if answer.streaming:
            return "FILE" if b"".join(answer.streaming_content) else ""
        return str(answer.content.decode())


@pytest.fixture
def viewer(db: None) -> Callable[..., Viewer]:
    return Viewer
