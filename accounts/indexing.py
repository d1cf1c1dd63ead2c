"""Whom search engines, news readers and previews of other sites may be shown."""

from __future__ import annotations

from functools import reduce

from django.db.models import Q

from .models import User

# What has to hold of a person, by field. The one list: the question and the filter read it.
OPEN_TO_MACHINES: dict[str, object] = {
    "is_active": True,
    "profile__indexed": True,
    "profile__seen_by": "everybody",
}


def may_be_indexed(person: User) -> bool:
    """Whether this person's page and notes may be listed outside of the community."""
    return all(
        reduce(getattr, field.split("__"), person) == wanted
        for field, wanted in OPEN_TO_MACHINES.items()
    )


def indexable(prefix: str = "") -> Q:
    """The same as a condition of a query; `prefix` leads to the person, as in "author__"."""
    return Q(**{f"{prefix}{field}": wanted for field, wanted in OPEN_TO_MACHINES.items()})
