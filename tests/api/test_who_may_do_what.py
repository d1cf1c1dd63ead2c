"""The role table of the interface: author, follower, stranger, blocked, visitor.

Whoever may not is refused before the body is looked at (so the bodies here are nonsense), is told
404 where they may not know that the thing exists, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from accounts.services import block_user
from community.models import Note, NoteImage, NoteVideo
from community.services.comments import add_comment

from .conftest import Program, assert_problem

NONSENSE = {"no such field": ["of any kind"]}
# method, address, then what each gets: author, follower, stranger, blocked, visitor.
PUBLIC = [
    ("GET", "notes/{note}/", 200, 200, 200, 404, 200),
    ("PATCH", "notes/{note}/", 400, 403, 403, 404, 401),
    ("DELETE", "notes/{note}/", 204, 403, 403, 404, 401),
    ("POST", "notes/{note}/publish/", 409, 403, 403, 404, 401),
    ("GET", "notes/{note}/revisions/", 200, 200, 200, 404, 200),
    ("GET", "notes/{note}/pictures/", 200, 200, 200, 404, 200),
    ("PATCH", "notes/{note}/pictures/{picture}/", 400, 403, 403, 404, 401),
    ("DELETE", "notes/{note}/pictures/{picture}/", 204, 403, 403, 404, 401),
    ("GET", "notes/{note}/video/", 200, 200, 200, 404, 200),
    ("DELETE", "notes/{note}/video/", 204, 403, 403, 404, 401),
    ("PUT", "notes/{note}/like/", 200, 200, 200, 404, 401),
    ("PUT", "notes/{note}/collect/", 200, 200, 200, 404, 401),
    ("PUT", "notes/{note}/share/", 200, 200, 200, 404, 401),
    ("DELETE", "notes/{note}/like/", 204, 204, 204, 204, 401),
    ("GET", "notes/{note}/comments/", 200, 200, 200, 404, 200),
    ("POST", "notes/{note}/comments/", 400, 400, 400, 404, 401),
    ("DELETE", "comments/{comment}/", 204, 204, 403, 404, 401),
    ("PUT", "comments/{comment}/like/", 200, 200, 200, 404, 401),
    ("POST", "notes/{note}/report/", 400, 400, 400, 404, 401),
    ("POST", "comments/{comment}/report/", 400, 400, 400, 404, 401),
    ("GET", "notes/{note}/pool/", 200, 403, 403, 404, 401),
    ("GET", "people/alice/", 200, 200, 200, 404, 200),
    ("GET", "people/alice/notes/", 200, 200, 200, 404, 200),
    ("GET", "people/alice/followers/", 200, 200, 200, 404, 200),
    ("PUT", "people/alice/follow/", 400, 200, 200, 404, 401),
    ("PUT", "people/alice/mute/", 400, 200, 200, 404, 401),
]
FOLLOWERS_ONLY = [
    ("GET", "notes/{note}/", 200, 200, 404, 404, 404),
    ("PATCH", "notes/{note}/", 400, 403, 404, 404, 401),
    ("DELETE", "notes/{note}/", 204, 403, 404, 404, 401),
    ("GET", "notes/{note}/revisions/", 200, 200, 404, 404, 404),
    ("GET", "notes/{note}/pictures/", 200, 200, 404, 404, 404),
    ("GET", "notes/{note}/video/", 200, 200, 404, 404, 404),
    ("DELETE", "notes/{note}/video/", 204, 403, 404, 404, 401),
    ("GET", "notes/{note}/comments/", 200, 200, 404, 404, 404),
    ("POST", "notes/{note}/comments/", 400, 400, 404, 404, 401),
    ("PUT", "notes/{note}/like/", 200, 200, 404, 404, 401),
    ("PUT", "notes/{note}/share/", 200, 200, 404, 404, 401),
    ("DELETE", "comments/{comment}/", 204, 204, 404, 404, 401),
    ("POST", "notes/{note}/report/", 400, 400, 404, 404, 401),
]
NOBODY_ELSES = [
    ("GET", "notes/{note}/", 200, 404, 404, 404, 404),
    ("PATCH", "notes/{note}/", 400, 404, 404, 404, 401),
    ("DELETE", "notes/{note}/", 204, 404, 404, 404, 401),
    ("POST", "notes/{note}/publish/", 200, 404, 404, 404, 401),
    ("GET", "notes/{note}/pictures/", 200, 404, 404, 404, 404),
    ("GET", "notes/{note}/video/", 200, 404, 404, 404, 404),
    ("DELETE", "notes/{note}/video/", 204, 404, 404, 404, 401),
    ("PUT", "notes/{note}/like/", 404, 404, 404, 404, 401),
    ("POST", "notes/{note}/comments/", 404, 404, 404, 404, 401),
    ("POST", "notes/{note}/report/", 400, 404, 404, 404, 401),
    ("GET", "notes/{note}/pool/", 404, 404, 404, 404, 401),
]
WHO = ("author", "follower", "stranger", "blocked", "visitor")


def rows(table: list[tuple[Any, ...]], visibility: str, publish: bool) -> list[Any]:
    return [
        pytest.param(
            method, path, who, status, visibility, publish, id=f"{who} {method} {visibility} {path}"
        )
        for method, path, *statuses in table
        for who, status in zip(WHO, statuses, strict=True)
    ]


@pytest.fixture
def people(alice: Any, bob: Any, charlie: Any, make_person: Callable[..., Any]) -> dict[str, Any]:
    dora = make_person("dora")
    block_user(blocker=alice, blocked=dora)
    return {"author": alice, "follower": bob, "stranger": charlie, "blocked": dora, "visitor": None}


@pytest.mark.parametrize(
    ("method", "path", "who", "status", "visibility", "publish"),
    [
        *rows(PUBLIC, Note.Visibility.PUBLIC, True),
        *rows(FOLLOWERS_ONLY, Note.Visibility.FOLLOWERS, True),
        *rows(NOBODY_ELSES, Note.Visibility.PUBLIC, False),
    ],
)
def test_everybody_may_do_what_the_table_says(
    people: dict[str, Any],
    program: Callable[..., Program],
    make_note: Callable[..., Any],
    work_off: Callable[..., int],
    method: str,
    path: str,
    who: str,
    status: int,
    visibility: str,
    publish: bool,
) -> None:
    note = make_note(people["author"], visibility=visibility, publish=publish)
    picture = NoteImage.objects.create(
        note=note, position=1, token="t" * 22, state="ready", created_at=timezone.now()
    )
    poster = NoteImage.objects.create(
        note=note, position=2, token="p" * 22, state="ready", created_at=timezone.now()
    )
    NoteVideo.objects.create(
        note=note, poster=poster, token="v" * 22, state="ready", created_at=timezone.now()
    )
    comment = (
        add_comment(author=people["follower"], note_id=note.pk, body="Lovely") if publish else None
    )
    work_off()
    address = path.format(note=note.pk, picture=picture.pk, comment=comment.pk if comment else 0)
    actor, before = program(people[who]), everything()
    body = NONSENSE if method in ("PATCH", "POST") and not path.endswith("publish/") else None
    answer = actor.send(method, address, body)
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert_problem(answer, status)
        assert everything() == before


def test_what_is_private_is_its_authors_alone(
    people: dict[str, Any], program: Callable[..., Program], make_note: Callable[..., Any]
) -> None:
    note = make_note(people["author"], visibility=Note.Visibility.PRIVATE)
    for who in WHO[1:]:
        reader = program(people[who])
        assert_problem(reader.get(f"notes/{note.pk}/"), 404, "not_found")
        for path in ("notes/", "notes/?author=alice", "search/?q=glazing", "places/?q=kiln"):
            if who == "blocked" and "author" in path:
                continue  # may not even know the name
            answer = reader.get(path)
            assert answer.status_code == 200
            assert str(note.pk) not in [
                str(row.get("id")) for row in answer.json().get("results", [])
            ]


def test_lists_of_people_leave_out_whom_the_viewer_may_not_meet(
    people: dict[str, Any], program: Callable[..., Program]
) -> None:
    block_user(blocker=people["follower"], blocked=people["stranger"])
    seen = program(people["stranger"]).get("people/alice/followers/").json()["results"]
    assert seen == []
    assert [p["username"] for p in program().get("people/alice/followers/").json()["results"]] == [
        "bob"
    ]


def test_whom_one_blocks_one_finds_again_and_unblocks(
    people: dict[str, Any], program: Callable[..., Program]
) -> None:
    alice = program(people["author"])
    assert [p["username"] for p in alice.get("me/blocks/").json()["results"]] == ["dora"]
    assert alice.put("people/dora/block/").json() == {"blocked": True}
    assert alice.delete("people/dora/block/").status_code == 204
    assert alice.get("people/dora/").status_code == 200


def test_taking_back_tells_nothing_about_who_there_is(
    people: dict[str, Any], program: Callable[..., Program]
) -> None:
    blocked = program(people["blocked"])
    for name in ("alice", "nobody-at-all"):
        assert blocked.delete(f"people/{name}/follow/").status_code == 204


def test_a_token_ends_with_its_account(program: Callable[..., Program], charlie: Any) -> None:
    robot = program(charlie)
    assert robot.get("me/").status_code == 200
    charlie.is_active = False
    charlie.save()
    assert_problem(robot.get("me/"), 401)


def test_a_browsers_session_needs_the_form_token(client: Any, charlie: Any) -> None:
    from rest_framework.test import APIClient

    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(charlie, backend="accounts.backends.PersonBackend")
    assert browser.get("/api/v1/me/").status_code == 200
    refused = browser.post("/api/v1/notes/", {"title": "Forged"}, format="json")
    assert_problem(refused, 403)
    assert Note.objects.count() == 0
    page = browser.get("/account/password/change/")  # any form hands out the token
    token = page.cookies["csrftoken"].value
    taken = browser.post(
        "/api/v1/notes/", {"title": "Meant"}, format="json", HTTP_X_CSRFTOKEN=token
    )
    assert taken.status_code == 201


def everything() -> str:
    """All rows that a refused request must leave alone."""
    models = [
        apps.get_model(name)
        for name in (
            "community.Note",
            "community.NoteStats",
            "community.NoteImage",
            "community.NoteRevision",
            "community.Comment",
            "community.Like",
            "community.Collect",
            "community.Share",
            "community.IdempotentAnswer",
            "moderation.Report",
            "accounts.Follow",
            "accounts.Block",
            "accounts.Mute",
            "accounts.Profile",
            "outbox.Job",
            "feeds.Event",
            "feeds.PoolEntry",
        )
    ]
    return "\n".join(
        serializers.serialize("json", model.objects.order_by("pk")) for model in models
    )
