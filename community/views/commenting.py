"""Whether a form for a comment is shown, or why there is none."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from accounts.privacy import check_may_comment
from community.forms import CommentForm
from community.models import Note
from community.rules.pace import check_room_for_comment


def commenting(viewer: User | None, note: Note) -> dict[str, Any]:
    """What a template of comments asks for: the empty form, and in `silence` the sentence that
    stands in its place for whoever would be refused whatever they wrote."""
    return {"comment_form": CommentForm(), "silence": _why_silent(viewer, note)}


def _why_silent(viewer: User | None, note: Note) -> str:
    if viewer is None:
        return ""
    try:
        check_may_comment(viewer, note.author)
        check_room_for_comment(viewer, now=timezone.now())
    except DomainError as refused:
        return str(refused)
    return ""
