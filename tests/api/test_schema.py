"""The schema is valid, complete and true: generated requests are answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from accounts.api.base import ApiView

from .conftest import Program

ALWAYS = {"401", "429"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_the_schema_is_valid_openapi_without_a_warning(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_it_is_served_to_everybody_as_openapi_3_1(visitor: Program) -> None:
    answer = visitor.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_every_address_of_the_interface_is_in_it(schema: dict[str, Any]) -> None:
    described = {(path, method) for path, method, _operation in operations(schema)}
    views = list(api_views(get_resolver().url_patterns))
    assert len(views) >= 45
    methods = sum(
        hasattr(view, m) for view in views for m in ("get", "post", "put", "patch", "delete")
    )
    assert len(described) == methods


def api_views(patterns: list[Any]) -> Iterator[type[ApiView]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            if view is not None and issubclass(view, ApiView):
                yield view


def test_every_operation_names_its_refusals_as_problems(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        answers = operation["responses"]
        where = f"{method} {path}"
        assert set(answers) >= ALWAYS, where
        if "{" in path:
            assert "404" in answers, where
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= set(answers), where
        for code, answer in answers.items():
            if code >= "400":
                [(kind, body)] = answer["content"].items()
                assert kind == "application/problem+json", where
                assert body["schema"]["$ref"].endswith("/Problem"), where


def test_every_text_that_is_sent_has_a_greatest_length(schema: dict[str, Any]) -> None:
    bodies = {n: s for n, s in schema["components"]["schemas"].items() if n.endswith("Request")}
    assert len(bodies) > 10
    for name, body in bodies.items():
        assert body["additionalProperties"] is False, name
        for field, shape in body["properties"].items():
            for text in (shape, shape.get("items", {})):
                if text.get("type") == "string" and "format" not in text and "enum" not in text:
                    assert text.get("maxLength"), f"{name}.{field}"
            if shape.get("type") == "array":
                assert shape.get("maxItems"), f"{name}.{field}"


def test_every_parameter_is_bounded(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        for parameter in operation.get("parameters", []):
            shape = parameter["schema"]
            bounded = {"maxLength", "maximum", "enum", "$ref", "allOf"} & set(shape)
            # Of yes and no there are two.
            assert bounded or shape.get("type") == "boolean", f"{method} {path} {parameter['name']}"


def test_every_default_of_a_parameter_may_be_sent(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        for parameter in operation.get("parameters", []):
            shape = parameter["schema"]
            if "default" in shape:
                reader = Draft202012Validator(shape | {"components": schema["components"]})
                assert reader.is_valid(shape["default"]), f"{method} {path} {parameter['name']}"


def test_an_empty_cursor_is_the_first_page(visitor: Program) -> None:
    assert visitor.get("notes/?cursor=").json() == {"results": [], "next": None}


def test_the_documentation_page_runs_under_our_content_policy(visitor: Program) -> None:
    page = visitor.get("/api/docs/")
    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    html = page.content.decode()
    assert "<style" not in html
    assert "style=" not in html
    assert html.count("<script") == html.count("<script src=")
    assert "//" not in html.replace("<!doctype", "").replace("</", "")  # nobody else's server
    script = visitor.get("/api/docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert "/api/schema/" in script.content.decode()
