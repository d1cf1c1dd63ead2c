"""Requests in the order in which things come to be: what one answer names, the next ones ask for.

Schemathesis finds by itself which answer leads to which request. Not held to: that every request
outside the schema is refused, since an empty parameter (`?tier=`) counts as one that is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from .conftest import Program
from .test_fuzz import there

__all__ = ["there"]  # a fixture
pytestmark = [pytest.mark.drill, pytest.mark.letter("E2")]
WALKS, STEPS = 25, 12
HELD_TO = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.use_after_free,
    openapi.ensure_resource_availability,
]


def test_what_one_answer_names_the_next_request_finds(
    there: dict[str, Any],
    alice: Any,
    program: Callable[..., Program],
    settings: Any,
    figure: Callable[[str], None],
) -> None:
    settings.API_RATE = settings.UPLOAD_RATE = "1000000/5m"
    key = program(alice)._credentials["HTTP_AUTHORIZATION"]
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    told: Counter[str] = Counter()

    class Walk(schema.as_state_machine()):  # type: ignore[misc]  # a class made for this schema
        def setup(self) -> None:
            """Each walk begins with the same community."""
            super().setup()
            cache.clear()
            self.before = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.before)
            super().teardown()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            # The transport to an application does not unpack what was compressed.
            return {"headers": {"Authorization": key, "Accept-Encoding": "identity"}}

        def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
            told[str(response.status_code)[0]] += 1
            case.validate_response(response, checks=HELD_TO)

    Walk.run(
        settings=how(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )
    assert told["2"] > 50, told
    figure(f"{sum(told.values())} requests in {WALKS} walks, {told['2']} done, {told['5']} × 5xx")
