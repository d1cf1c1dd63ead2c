"""Requests generated from the schema, odd ones included, by a person and by a visitor.

Every answer must be one that the schema names, in the shape that it names, and never our mistake;
afterwards the site is still well for everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.config import SchemathesisConfig

from community.services.comments import add_comment
from community.services.places import find_or_create_place

from .conftest import Program

pytestmark = [pytest.mark.drill, pytest.mark.letter("E1"), pytest.mark.timeout(900)]
# Requests of each kind to each operation; `make drills` asks some ten thousand in all.
EXAMPLES, IN_A_DRILL = 3, 6
HELD_TO = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# Ending one's own access, or oneself, is another test's subject.
LEFT_OUT = {"delete_token", "create_token"}


@pytest.fixture
def there(
    alice: Any, bob: Any, make_note: Callable[..., Any], work_off: Callable[..., int]
) -> dict[str, Any]:
    """A small community; parts of addresses that lead somewhere in it."""
    place = find_or_create_place(name="Kiln", latitude=1, longitude=2, city="Tidewater")
    for number in range(3):
        note = make_note(alice, f"Note {number}", place=place)
        comment = add_comment(author=bob, note_id=note.pk, body="Nice")
    work_off()
    return {
        "note_id": note.pk,
        "picture_id": note.images.first().pk,
        "comment_id": comment.pk,
        "place_id": place.pk,
        "username": "bob",
        "slug": "pottery",
        "key": "pottery",
    }


@pytest.mark.parametrize(
    ("who", "mode", "leads_somewhere"),
    [
        ("alice", GenerationMode.POSITIVE, True),
        ("alice", GenerationMode.POSITIVE, False),
        ("alice", GenerationMode.NEGATIVE, True),
        ("alice", GenerationMode.NEGATIVE, False),
        ("nobody", GenerationMode.POSITIVE, True),
        ("nobody", GenerationMode.NEGATIVE, False),
    ],
)
def test_generated_requests_are_answered_as_the_schema_says(
    who: str,
    mode: GenerationMode,
    leads_somewhere: bool,
    there: dict[str, Any],
    alice: Any,
    program: Callable[..., Program],
    settings: Any,
    request: pytest.FixtureRequest,
) -> None:
    examples = IN_A_DRILL if request.config.option.markexpr == "letter" else EXAMPLES
    settings.API_RATE = settings.UPLOAD_RATE = "1000000/5m"
    robot = program(alice if who == "alice" else None)
    headers = {"Authorization": robot._credentials["HTTP_AUTHORIZATION"]} if who == "alice" else {}
    told: Counter[str] = Counter()
    for operation in _schema().get_all_operations():
        if operation.ok().definition.raw["operationId"] not in LEFT_OUT:
            known = there if leads_somewhere else {}
            _drive(operation.ok(), mode, known, headers, told, examples)
    assert told["4"] > 50, told
    if mode is GenerationMode.POSITIVE and leads_somewhere:
        assert told["2"] > 20, told
    _assert_well(program(), program(alice))


def _schema() -> Any:
    described = SchemaGenerator().get_schema(request=None, public=True)
    config = SchemathesisConfig.from_dict({"generation": {"allow-x00": False, "codec": "utf-8"}})
    schema = schemathesis.openapi.from_dict(described, config=config)
    schema.app = get_wsgi_application()
    return schema


def _drive(
    operation: Any,
    mode: GenerationMode,
    there: dict[str, Any],
    headers: dict[str, str],
    told: Counter[str],
    examples: int,
) -> None:
    names = {parameter.name for parameter in operation.path_parameters}
    fixed = {name: value for name, value in there.items() if name in names} or None

    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fixed))
    @how(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        # The transport to an application asks for compressed answers and does not unpack them.
        answer = case.call(headers=headers | {"Accept-Encoding": "identity"})
        told[str(answer.status_code)[0]] += 1
        case.validate_response(answer, checks=HELD_TO)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # an address that takes nothing has no odd request


def _assert_well(visitor: Program, member: Program) -> None:
    """What was stored meanwhile breaks nobody's list."""
    for path in (
        "notes/",
        "feeds/discover/",
        "feeds/hot/",
        "search/?q=note",
        "people/alice/",
        "channels/",
    ):
        assert visitor.get(path).status_code == 200, path
    for path in (
        "me/",
        "me/drafts/",
        "feeds/follow/",
        "notifications/",
        "me/liked/",
        "me/collected/",
    ):
        assert member.get(path).status_code == 200, path
