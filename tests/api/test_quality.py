"""The quality report through the interface."""

from __future__ import annotations

import pytest

from tests.rows import changed, contents

from .conftest import assert_problem


def test_a_draft_is_judged_as_it_is_and_as_it_would_be(alice, make_note, program):
    note = make_note(alice, publish=False)
    client = program(alice)
    as_it_is = client.get(f"notes/{note.pk}/quality/").json()
    assert as_it_is["passes"]
    assert 0 < as_it_is["total"] <= as_it_is["possible"] <= 1
    assert sum(mark["gain"] for mark in as_it_is["marks"]) == pytest.approx(
        1 - as_it_is["total"], abs=0.01
    )
    before = contents()
    worse = client.send("post", f"notes/{note.pk}/quality/", {"title": "", "tags": []}).json()
    assert worse["total"] < as_it_is["total"]
    assert worse["marks"][0] == {
        "name": "title",
        "score": 0.0,
        "reason": "The note has no title.",
        "advice": "Add a title that says what it is about.",
        "gain": 0.14,
    }
    assert client.send("post", f"notes/{note.pk}/quality/", {}).json() == as_it_is
    assert not changed(before, contents())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": "t" * 101}, "title"),
        ({"channel": "no-such"}, "channel"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"has_place": "yes"}, "has_place"),
        ({"vote": 1}, "vote"),
    ],
)
def test_what_could_not_be_saved_is_refused_alike(alice, make_note, program, body, field):
    note = make_note(alice, publish=False)
    answer = program(alice).send("post", f"notes/{note.pk}/quality/", body)
    assert field in assert_problem(answer, 400)["errors"]


def test_it_is_the_authors_business_alone(alice, bob, make_note, program):
    draft, public = make_note(alice, publish=False), make_note(alice)
    for method in ("get", "post"):
        assert_problem(program(bob).send(method, f"notes/{draft.pk}/quality/", {}), 404)
        assert_problem(program(bob).send(method, f"notes/{public.pk}/quality/", {}), 403)
        assert_problem(program().send(method, f"notes/{public.pk}/quality/", {}), 401)
