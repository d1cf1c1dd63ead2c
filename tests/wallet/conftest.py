"""Staff with every permission of the wallet, and browsers of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client


@pytest.fixture
def keeper(make_person: Callable[..., Any]) -> Any:
    """Somebody of the staff who looks after money."""
    person = make_person("keeper")
    person.is_staff = True
    person.save()
    person.user_permissions.add(*Permission.objects.filter(content_type__app_label="wallet"))
    return type(person).objects.select_related("profile").get(pk=person.pk)


@pytest.fixture
def visit() -> Callable[..., Client]:
    """A browser in which this person is logged in."""

    def browse(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return browse
