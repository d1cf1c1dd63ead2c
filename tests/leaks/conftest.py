"""Browsers and programs of every kind of viewer, logged in before anything changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from accounts.models import TokenName
from accounts.scopes import Scope

from .belongings import belongings


class Viewer:
    """One person's browser and program: a page's text or an answer's text, by address.

    What came with an ETag is kept as a browser keeps it, and shown again when the answer is that
    nothing changed.
    """

    def __init__(self, person: Any = None) -> None:
        self.person = person
        self.kept: dict[str, tuple[str, str]] = {}
        self.browser, self.program = Client(), Client()
        if person is not None:
            self.browser.force_login(person, backend="accounts.backends.PersonBackend")
            row, secret = AuthToken.objects.create(person)
            TokenName.objects.create(token=row, scopes=" ".join(Scope.values))
            self.program = Client(headers={"Authorization": f"Token {secret}"})

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person is not None else None

    def asks(self, address: str, **headers: str) -> Any:
        """The answer to GET: pages with the browser, /api/ with the token; redirects followed."""
        is_api = address.startswith("/api/")
        asking = self.program if is_api else self.browser
        answer = asking.get(address, headers=headers)
        if answer.status_code in (301, 302, 303) and not is_api:
            target = answer["Location"]
            return answer if target.startswith("/account/") else self.browser.get(target)
        return answer

    def reads(self, address: str) -> str:
        """What comes back, as text; the body of a file as the word FILE."""
        tag, before = self.kept.get(address, ("", ""))
        answer = self.asks(address, **({"If-None-Match": tag} if tag else {}))
        assert answer.status_code < 500, (address, answer.status_code)
        assert answer.status_code != 429, "the sweep itself is too frequent"
        if answer.status_code == 304:
            return before
        if answer.streaming:
            text = "FILE" if b"".join(answer.streaming_content) else ""
        else:
            text = str(answer.content.decode())
        if "ETag" in answer.headers and answer.status_code == 200:
            self.kept[address] = (answer.headers["ETag"], text)
        return text


@pytest.fixture
def viewer(db: None) -> Callable[..., Viewer]:
    return Viewer


@pytest.fixture
def things(alice: Any, bob: Any, charlie: Any, make_person: Any, make_note: Any) -> Any:
    return belongings(alice, charlie, make_person, make_note)
