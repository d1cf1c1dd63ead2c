"""A registered program, and the walk from the question to a token."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.programs.services import register_program

BACK = "https://client.example/done"
VERIFIER = "v" * 43


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Walk:
    """One program asking one person; each step may be made wrong."""

    def __init__(self, program, person, secret=""):
        self.program, self.secret = program, secret
        self.browser = Client()
        if person is not None:
            self.browser.force_login(person, backend="accounts.backends.PersonBackend")
        self.machine = Client(enforce_csrf_checks=True)

    def question(self, **changed):
        asked = {
            "response_type": "code",
            "client_id": self.program.client_id,
            "redirect_uri": BACK,
            "scope": "read write",
            "state": "xyz",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        } | changed
        return {name: value for name, value in asked.items() if value is not None}

    def ask(self, **changed):
        return self.browser.get("/oauth/authorize/", self.question(**changed))

    def decide(self, *, allow=True, **changed):
        """Press a button of the page that was shown."""
        page = self.ask(**changed)
        assert page.status_code == 200, page.content
        html = page.content.decode().split('action="/oauth/authorize/"')[1]
        found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', html)
        form = {name: unescape(value) for name, value in found}
        return self.browser.post("/oauth/authorize/", form | ({"allow": "true"} if allow else {}))

    def code(self, **changed):
        answer = self.decide(**changed)
        assert answer.status_code == 302, answer.content
        return answered(answer)["code"]

    def exchange(self, code, **changed):
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": self.program.client_id,
            "code_verifier": VERIFIER,
        } | changed
        if self.secret:
            body.setdefault("client_secret", self.secret)
        return self.post({name: value for name, value in body.items() if value is not None})

    def post(self, body):
        return self.machine.post("/oauth/token/", body)

    def tokens(self, **changed):
        return self.exchange(self.code(**changed)).json()

    def refresh(self, secret, **more):
        body = {"grant_type": "refresh_token", "refresh_token": secret}
        return self.post(body | {"client_id": self.program.client_id} | more)

    def api(self, secret, path="me/", method="get", **more):
        return getattr(self.machine, method)(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"}, **more
        )


def answered(answer):
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


@pytest.fixture
def program(alice):
    made = register_program(
        owner=alice, name="Tide Clock", addresses=BACK, keeps_secret=False, now=timezone.now()
    )
    return made.program


@pytest.fixture
def walk(program, bob):
    return Walk(program, bob)
