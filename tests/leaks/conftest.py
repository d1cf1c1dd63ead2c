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
        is_api = address.startswith("/api/")
        answer = (self.program if is_api else self.browser).get(address)
        if answer.status_code in (301, 302, 303) and not is_api:
            target = answer["Location"]
            return answer if target.startswith("/account/") else self.browser.get(target)
        return answer

    def reads(self, address: str) -> str:
        """What comes back, as text; the body of a file as the word FILE."""
        answer = self.asks(address)
        assert answer.status_code < 500, (address, answer.status_code)
        assert answer.status_code != 429, "the sweep itself is too frequent"
        if answer.streaming:
            return "FILE" if b"".join(answer.streaming_content) else ""
        return str(answer.content.decode())


@pytest.fixture
def viewer(db: None) -> Callable[..., Viewer]:
    return Viewer
