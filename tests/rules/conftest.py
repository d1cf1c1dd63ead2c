"""A senior moderator who may do everything with rules, and short ways to write one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

RIGHTS = ("view_rule", "write_rule", "run_rule")


@pytest.fixture
def senior(make_person: Callable[..., Any]) -> Any:
    from accounts.models import User

    person = make_person("senior")
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="rules", codename__in=RIGHTS)
    )
    return User.objects.select_related("profile").get(pk=person.pk)


@pytest.fixture
def write(senior: Any) -> Callable[..., Any]:
    """A draft: write("words", words="spam")."""
    from community.rules.services import Draft, write_rule

    def make(kind: str, *, act: str = "hold", places: tuple[str, ...] = ("note",), **given: Any):
        extra = {name: given.pop(name) for name in ("words_to_author", "label") if name in given}
        draft = Draft(
            act=act,
            places=places,
            settings=given,
            words=extra.get("words_to_author", ""),
            label=extra.get("label", ""),
        )
        name = f"{kind} {timezone.now():%H%M%S%f}"
        return write_rule(by=senior, name=name, kind=kind, draft=draft, now=timezone.now())

    return make


@pytest.fixture
def live(write: Callable[..., Any], senior: Any) -> Callable[..., Any]:
    """The same, tried and put live a minute ago."""
    from community.rules import dry_runs, services

    def make(kind: str, **given: Any):
        version = write(kind, **given)
        now = timezone.now()
        run = dry_runs.start(by=senior, version_id=version.pk, now=now)
        while dry_runs.go_on(run.pk, now=now):
            pass
        before = now - timedelta(minutes=1)
        return services.go_live(by=senior, version_id=version.pk, now=before)

    return make


@pytest.fixture
def work() -> Callable[[], None]:
    """Do all jobs that wait, as a worker would."""
    from community.outbox import jobs

    def do() -> None:
        for _ in range(20):
            if not sum(jobs.work_off(queue) for queue in ("fanout", "feeds", "default")):
                return

    return do


@pytest.fixture
def make_moderator(make_person: Callable[..., Any]) -> Callable[[], Any]:
    from django.contrib.auth.models import Group

    from accounts.models import User
    from community.moderation import roles

    def make() -> Any:
        roles.ensure()
        person = make_person("moderatrix")
        User.objects.filter(pk=person.pk).update(is_staff=True)
        person.groups.add(Group.objects.get(name=roles.MODERATORS))
        return User.objects.get(pk=person.pk)

    return make
