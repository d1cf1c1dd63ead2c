"""Programs that act for the three people, and the pictures they send."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from knox.models import AuthToken
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import TokenName
from accounts.scopes import Scope

BASE = "/api/v1/"


class Program(APIClient):
    """Speaks JSON to the interface and knows only relative addresses."""

    def __init__(self, person: Any = None, **options: Any) -> None:
        super().__init__(**options)
        if person is not None:
            row, secret = AuthToken.objects.create(person)
            TokenName.objects.create(token=row, scopes=" ".join(Scope.values))
            self.credentials(HTTP_AUTHORIZATION=f"Token {secret}")

    def generic(self, method: str, path: str, *args: Any, **extra: Any) -> Any:
        return super().generic(
            method, path if path.startswith("/") else BASE + path, *args, **extra
        )

    def send(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        return getattr(self, method.lower())(path, body, format="json", **extra)


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """A program with a token of this person; without one, a visitor's."""
    return Program


@pytest.fixture
def visitor(program: Callable[..., Program]) -> Program:
    return program()


@pytest.fixture
def picture() -> Callable[..., io.BytesIO]:
    def make(
        colour: str = "teal", size: tuple[int, int] = (640, 480), name: str = "pool.jpg"
    ) -> io.BytesIO:
        file = io.BytesIO()
        Image.new("RGB", size, colour).save(file, "JPEG")
        file.seek(0)
        file.name = name
        return file

    return make


def assert_problem(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """It is a problem document of RFC 9457 with our additions; returns it."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["type"] == f"urn:rockpool:problem:{body['code']}"
    assert all(isinstance(said, list) and said for said in body["errors"].values())
    if code is not None:
        assert body["code"] == code
    return body
