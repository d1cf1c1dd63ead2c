"""Idempotency-Key: the same key and body, the same answer, one write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from community.models import Comment, IdempotentAnswer, Note
from community.services.idempotency import KEPT_FOR, KeyReused, answer_once, forget_old_answers

from .conftest import Program, assert_problem

BODY = {"title": "Once", "body": "and only once"}


def test_the_same_request_again_gets_the_same_answer_and_writes_nothing(
    program: Callable[..., Program], alice: Any, channel: Any
) -> None:
    robot = program(alice)
    first = robot.send("post", "notes/", BODY, HTTP_IDEMPOTENCY_KEY="k1")
    again = robot.send("post", "notes/", dict(reversed(BODY.items())), HTTP_IDEMPOTENCY_KEY="k1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Note.objects.count() == 1


def test_a_key_stands_for_one_request_only(
    program: Callable[..., Program], alice: Any, bob: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(alice)
    robot.send("post", "notes/", BODY, HTTP_IDEMPOTENCY_KEY="k1")
    other_body = robot.send("post", "notes/", BODY | {"title": "Twice"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert_problem(other_body, 409, "key_reused")
    other_route = robot.send(
        "post", f"notes/{note.pk}/comments/", {"body": "x"}, HTTP_IDEMPOTENCY_KEY="k1"
    )
    assert_problem(other_route, 409, "key_reused")
    assert not Comment.objects.exists()
    # Another person's key of the same name is another key.
    assert program(bob).send("post", "notes/", BODY, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


def test_a_refused_request_leaves_its_key_free(program: Callable[..., Program], alice: Any) -> None:
    robot = program(alice)
    refused = robot.send("post", "notes/", {"publish": True}, HTTP_IDEMPOTENCY_KEY="k1")
    assert_problem(refused, 400)
    assert not IdempotentAnswer.objects.exists()
    assert not Note.objects.exists()
    assert robot.send("post", "notes/", BODY, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 65, "schlüssel", "a\x7f"])
def test_a_key_that_is_none_is_refused(
    program: Callable[..., Program], alice: Any, key: str
) -> None:
    answer = program(alice).send("post", "notes/", BODY, HTTP_IDEMPOTENCY_KEY=key)
    assert "Idempotency-Key" in assert_problem(answer, 400)["errors"]
    assert not Note.objects.exists()


def test_publishing_again_with_its_key_is_no_conflict(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice, publish=False), program(alice)
    address = f"notes/{note.pk}/publish/"
    first = robot.post(address, HTTP_IDEMPOTENCY_KEY="p")
    assert first.status_code == 200
    assert robot.post(address, HTTP_IDEMPOTENCY_KEY="p").json() == first.json()
    assert_problem(robot.post(address), 409, "conflict")


def test_whoever_comes_second_while_the_first_writes_gets_the_firsts_answer(alice: Any) -> None:
    """The look finds nothing, the claim finds the row: as when two requests come at once."""
    request = {"person": alice, "key": "k", "route": "POST /", "body_digest": "d"}
    answer_once(**request, write=lambda: (201, {"n": 1}))
    written: list[int] = []

    def write() -> tuple[int, dict[str, Any]]:
        written.append(1)
        return 201, {"n": 2}

    from community.services import idempotency

    look = idempotency._former
    with mock.patch.object(
        idempotency, "_former", side_effect=[None, look(alice, "k", "POST /", "d")]
    ):
        second = answer_once(**request, write=write)
    assert (second.status, second.body, second.repeated) == (201, {"n": 1}, True)
    assert not written
    with pytest.raises(KeyReused):
        answer_once(**request | {"body_digest": "other"}, write=write)


def test_answers_are_forgotten_after_two_days(alice: Any) -> None:
    now = timezone.now()
    for key, age in (("old", KEPT_FOR + timedelta(minutes=1)), ("new", timedelta(hours=1))):
        answer_once(
            person=alice,
            key=key,
            route="r",
            body_digest="d",
            write=lambda: (200, {}),
            now=now - age,
        )
    assert forget_old_answers(now=now) == 1
    assert IdempotentAnswer.objects.get().key == "new"
