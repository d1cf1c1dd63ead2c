from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client


def allow(person: Any, *names: str) -> Any:
    """Make somebody staff with these rights ("app.codename") and no others."""
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    for name in names:
        app, codename = name.split(".")
        person.user_permissions.add(
            Permission.objects.get(codename=codename, content_type__app_label=app)
        )
    return type(person).objects.get(pk=person.pk)


def logged_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


@pytest.fixture
def keeper(make_person: Any) -> Any:
    person = make_person("keeper")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.fixture
def at_the_desk(keeper: Any) -> Client:
    return logged_in(keeper)
