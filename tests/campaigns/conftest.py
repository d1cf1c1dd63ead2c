"""A verified brand with a campaign, and people who write and read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import User
from community.brands.models import Brand
from community.brands.services import BrandPage, open_brand
from feeds.campaigns import services
from feeds.campaigns.services import Facts

DAY = timedelta(days=1)


def facts(**other: Any) -> Facts:
    now = timezone.now()
    said = {
        "title": "Tea from your own cup", "about": "Show the cup you drink from.",
        "rules_text": "One cup a note.", "tags": ["OwnCup2026"], "starts_at": now - DAY,
        "ends_at": now + 6 * DAY, "prizes": [("A kettle", 1), ("A pound of tea", 2)],
    }  # fmt: skip
    return Facts(**(said | other))


@pytest.fixture
def owner(make_person: Callable[..., Any]) -> Any:
    return make_person("kettle.owner")


@pytest.fixture
def staff(make_person: Callable[..., Any]) -> Any:
    person = make_person("tide.staff")
    person.user_permissions.add(Permission.objects.get(codename="run_campaigns"))
    return User.objects.get(pk=person.pk)


@pytest.fixture
def brand(owner: Any) -> Any:
    page = BrandPage(name="Quiet Kettle")
    made = open_brand(owner=owner, slug="quiet.kettle", page=page, now=timezone.now())
    verified = datetime.now(UTC) + 300 * DAY
    Brand.objects.filter(pk=made.pk).update(verified_until=verified)
    made.refresh_from_db()
    return made


@pytest.fixture
def draft(owner: Any, brand: Any) -> Any:
    return services.begin(by=owner, brand_slug=brand.slug, facts=facts(), now=timezone.now())


@pytest.fixture
def submitted(owner: Any, draft: Any) -> Any:
    return services.submit(by=owner, pk=draft.pk, now=timezone.now())


@pytest.fixture
def running(staff: Any, submitted: Any) -> Any:
    return services.approve(by=staff, pk=submitted.pk, lift=2.0, now=timezone.now())
