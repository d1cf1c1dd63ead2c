"""Every operation asks for one scope, and a token without it is refused before anything else."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from knox.models import AuthToken

from accounts.api.authentication import check_scope
from accounts.api.operations import SCOPES, WITHOUT_TOKEN
from accounts.api.scope_table import operations_in
from accounts.models import TokenName
from accounts.scopes import Scope
from accounts.tokens import create_token
from tests.rows import changed, contents

from .conftest import Program, assert_problem

ROOT = Path(__file__).parents[2]
OPERATIONS = operations_in(SchemaGenerator().get_schema(request=None, public=True))
OPENED = [row for row in OPERATIONS if row[3] not in WITHOUT_TOKEN]


@pytest.fixture
def token_of(db: None) -> Callable[..., Program]:
    """A program whose token opens these scopes and no others."""

    def make(person: Any, *scopes: str) -> Program:
        robot = Program()
        issued = create_token(person=person, name="x", scopes=scopes, now=timezone.now())
        robot.credentials(HTTP_AUTHORIZATION=f"Token {issued.secret}")
        return robot

    return make


def filled(address: str) -> str:
    """The address with a value in each brace; nothing behind it is there."""
    for name in ("username", "slug", "key", "name", "prefix"):
        address = address.replace(f"{{{name}}}", "nobody")
    while "{" in address:
        before, _, rest = address.partition("{")
        address = f"{before}999999{rest.partition('}')[2]}"
    return address


def test_every_operation_has_a_scope_and_every_name_is_an_operation() -> None:
    """An operation that is not named would be open to no token: name it in operations.py."""
    assert {row[3] for row in OPERATIONS if not row[0]} == WITHOUT_TOKEN
    assert SCOPES.keys() | WITHOUT_TOKEN == {row[3] for row in OPERATIONS}


def test_an_operation_without_a_scope_is_open_to_no_token() -> None:
    """The control of the table: what it forgets is refused, not let through."""

    class Request:
        scopes = " ".join(Scope.values)

    with pytest.raises(Exception, match="lacks the scope"):
        check_scope(Request(), "forgotten_operation")


def test_the_documented_table_is_the_one_in_force() -> None:
    written = io.StringIO()
    call_command("scope_table", stdout=written)
    assert (ROOT / "docs" / "scopes.md").read_text(encoding="utf-8") == written.getvalue(), (
        "run: manage.py scope_table > docs/scopes.md"
    )


def test_a_token_without_the_scope_is_refused_before_its_body_is_looked_at(
    settings: Any, token_of: Callable[..., Program], alice: Any
) -> None:
    settings.API_RATE = "100000/1s"
    alice.is_staff = True
    alice.save()
    lacking = {
        scope: token_of(alice, *(other for other in Scope.values if other != scope))
        for scope in Scope.values
    }
    before = contents()
    for scope, method, address, name in OPENED:
        answer = lacking[scope].generic(
            method, filled(address), b"{not json", content_type="application/x-nonsense"
        )
        problem = assert_problem(answer, 403, "scope_missing")
        assert f"`{scope}`" in problem["detail"], name
        assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"], name
    assert changed(before, contents()).keys() <= {"accounts.TokenName"}


def test_a_token_with_the_scope_gets_past_it(
    settings: Any, token_of: Callable[..., Program], alice: Any
) -> None:
    """The control of the sweep: the same addresses, the scope and no other."""
    settings.API_RATE = settings.UPLOAD_RATE = "100000/1s"
    holding = {scope: token_of(alice, scope) for scope in ("read", "write", "events")}
    for scope, method, address, name in OPENED:
        if scope in holding:
            answer = holding[scope].generic(method, filled(address), b"", content_type="text/x")
            problem = answer.json() if answer.status_code >= 400 else {}
            assert problem.get("code") != "scope_missing", name
            assert answer.status_code not in (401, 500), name


def test_public_things_too_are_read_with_the_scope_to_read(
    token_of: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    note = make_note(alice)
    assert Program().get(f"notes/{note.pk}/").status_code == 200
    assert_problem(token_of(alice, "events").get(f"notes/{note.pk}/"), 403, "scope_missing")


def test_a_token_from_before_scopes_reads_writes_and_sends_events(
    alice: Any,
) -> None:
    _, secret = AuthToken.objects.create(alice)  # a row alone, as they were made then
    robot = Program(HTTP_AUTHORIZATION=f"Token {secret}")
    assert robot.get("me/").status_code == 200
    assert robot.send("patch", "me/", {"bio": "Still here"}).status_code == 200
    assert robot.send("post", "events/", {"events": []}).status_code in (200, 400)
    [listed] = robot.get("tokens/").json()["results"]
    assert listed["scopes"] == ["read", "write", "events"]


def test_a_token_is_made_with_chosen_scopes(visitor: Program, alice: Any) -> None:
    login = {"login": "alice", "password": "tide-and-rock-9"}
    made = visitor.send("post", "tokens/", login | {"scopes": ["read"]}).json()
    assert made["scopes"] == ["read"]
    robot = Program(HTTP_AUTHORIZATION=f"Token {made['token']}")
    assert robot.get("me/").status_code == 200
    assert_problem(robot.send("patch", "me/", {"bio": "x"}), 403, "scope_missing")
    for wrong in (["all"], ["read"] * 9, "read", [1], ["moderation"]):
        assert_problem(visitor.send("post", "tokens/", login | {"scopes": wrong}), 400)


def test_the_last_use_is_noted_to_some_minutes(
    token_of: Callable[..., Program], alice: Any
) -> None:
    robot = token_of(alice, "read")
    assert TokenName.objects.get().last_used_at is None
    robot.get("me/")
    first = TokenName.objects.get().last_used_at
    assert first is not None
    robot.get("me/")
    assert TokenName.objects.get().last_used_at == first
    TokenName.objects.update(last_used_at=first - timedelta(minutes=11))
    robot.get("me/")
    assert TokenName.objects.get().last_used_at > first


def test_a_session_needs_no_scope(client: Any, alice: Any) -> None:
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    assert client.get("/api/v1/me/").status_code == 200
