"""What every page of somebody signed in begins with: the same rows as Django's own queries give."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore as Usual
from django.contrib.sessions.models import Session
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.forms import model_to_dict
from django.utils import timezone

from accounts.backends import PersonBackend
from accounts.models import Profile, User
from accounts.sessions import SessionStore
from community.sqlite.base import REMEMBERED_UP_TO, Cursor


def all_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_the_person_comes_whole_with_their_profile(alice: User, django_assert_num_queries) -> None:
    Profile.objects.filter(person=alice).update(bio="Clay.", latitude=1.5, active_on=None)
    expected = User.objects.select_related("profile").get(pk=alice.pk)
    PersonBackend().get_user(alice.pk)
    with django_assert_num_queries(1):
        found = PersonBackend().get_user(alice.pk)
        assert found is not None
        assert all_of(found) == all_of(expected)
        assert all_of(found.profile) == all_of(expected.profile)
        assert found.profile.person is found
    # They can be changed and saved like any other.
    found.profile.bio = "Glazes."
    found.profile.save()
    found.save(update_fields=["is_active"])
    assert model_to_dict(Profile.objects.get(person=alice))["bio"] == "Glazes."


def test_who_has_no_profile_or_may_not_come_in(alice: User) -> None:
    Profile.objects.filter(person=alice).delete()
    found = PersonBackend().get_user(alice.pk)
    assert found == alice
    with pytest.raises(Profile.DoesNotExist):
        _ = found.profile
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert PersonBackend().get_user(alice.pk) is None
    assert PersonBackend().get_user(alice.pk + 1_000) is None


@pytest.mark.django_db
def test_a_session_is_read_as_django_reads_it_and_only_until_it_ends() -> None:
    mine = SessionStore()
    mine["seen"] = {"notes": [1, 2]}
    mine.create()
    key = mine.session_key
    assert SessionStore(key).load() == Usual(key).load() == {"seen": {"notes": [1, 2]}}
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    late = SessionStore(key)
    assert late.load() == {}
    assert late.session_key is None
    assert SessionStore("a" * 32).load() == {}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT %s, '%%' LIKE %s",
        "SELECT 1",
        "%s%%%s",
        "SELECT '%%%%'",
        "SELECT %s " + "x" * REMEMBERED_UP_TO,
    ],
)
def test_marks_become_what_django_makes_of_them(query: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        usual, ours = (connection.cursor(factory=kind) for kind in (SQLiteCursorWrapper, Cursor))
        for _again in range(2):
            assert ours.convert_query(query) == usual.convert_query(query)
