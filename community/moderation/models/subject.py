"""What reports, cases and decisions are about: a note, a comment, or a person."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from community.models import Comment, Note

Thing = Note | Comment | User
KINDS: dict[str, type[Thing]] = {"note": Note, "comment": Comment, "person": User}


def kind_of(thing: Thing) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(thing, model))


def author_of(thing: Thing) -> User:
    """Who answers for it."""
    return thing if isinstance(thing, User) else thing.author


def exactly_one() -> Q:
    """One of the three and no second, for a database constraint."""
    found = Q()
    for kind in KINDS:
        others = {f"{other}__isnull": True for other in KINDS if other != kind}
        found |= Q(**{f"{kind}__isnull": False}, **others)
    return found


class About(models.Model):
    """Mixed into rows with the columns note, comment and person, one of them filled."""

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        return next((kind for kind in KINDS if getattr(self, f"{kind}_id")), "")

    @property
    def thing(self) -> Any:
        """The note, comment or person; None where it is gone."""
        return getattr(self, self.kind) if self.kind else None

    @property
    def key(self) -> tuple[str, int]:
        """("note", 7): equal for rows about the same thing."""
        return self.kind, getattr(self, f"{self.kind}_id")
