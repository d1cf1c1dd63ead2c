from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission


@pytest.fixture
def make_moderator(make_person: Callable[..., Any]) -> Callable[[str], Any]:
    """Staff with the one right that verdicts need, and no superuser's."""

    def make(name: str) -> Any:
        person = make_person(name)
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        person.user_permissions.set(
            Permission.objects.filter(codename="add_decision", content_type__app_label="moderation")
        )
        return type(person).objects.get(pk=person.pk)

    return make


@pytest.fixture
def moderator(make_moderator: Callable[[str], Any]) -> Any:
    return make_moderator("morgan")


@pytest.fixture
def make_senior(make_person: Callable[..., Any]) -> Callable[[str], Any]:
    """Staff in the group of seniors."""

    def make(name: str) -> Any:
        person = make_person(name)
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        person.groups.add(Group.objects.get(name="Senior moderators"))
        return type(person).objects.get(pk=person.pk)

    return make


@pytest.fixture
def senior(make_senior: Callable[[str], Any]) -> Any:
    return make_senior("selma")


@pytest.fixture
def keeper(make_person: Callable[..., Any]) -> Any:
    """Who runs the community: a superuser."""
    person = make_person("keeper")
    person.is_staff = person.is_superuser = True
    person.save()
    return person
