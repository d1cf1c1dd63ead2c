"""A brand with money, a creator who may be found, and an offer between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.wallet import services as wallet
from community.brands.services import BrandPage, open_brand
from feeds.collaborations import directory, services
from feeds.collaborations.services import Terms

PRICE = 50_000


def terms(**other: Any) -> Terms:
    facts = {
        "title": "A week with our kettle", "brief": "One note, three pictures of tea being made.",
        "price": PRICE, "draft_by": timezone.now().date() + timedelta(days=10),
    }  # fmt: skip
    return Terms(**(facts | other))


@pytest.fixture
def owner(make_person: Callable[..., Any]) -> Any:
    """Owner of the brand, with money."""
    person = make_person("kettle.owner")
    wallet.top_up(person=person, amount=1_000_000, key="test", source="staff", now=timezone.now())
    return person


@pytest.fixture
def brand(owner: Any) -> Any:
    page = BrandPage(name="Quiet Kettle")
    return open_brand(owner=owner, slug="quiet.kettle", page=page, now=timezone.now())


@pytest.fixture
def creator(alice: Any, channel: Any) -> Any:
    """Alice, who may be found."""
    directory.describe(
        person=alice, listed=True, about="Pots and tea.", price=40_000, fields=[channel],
        now=timezone.now(),
    )  # fmt: skip
    return alice


@pytest.fixture
def offered(owner: Any, brand: Any, creator: Any) -> Callable[..., Any]:
    def make(**other: Any) -> Any:
        return services.offer(
            by=owner, brand_slug=brand.slug, creator=creator.username, terms=terms(**other),
            now=timezone.now(),
        )  # fmt: skip

    return make


@pytest.fixture
def agreed(offered: Callable[..., Any], creator: Any) -> Any:
    made = offered()
    return services.accept(by=creator, pk=made.pk, seen_price=made.price, now=timezone.now())


@pytest.fixture
def drafted(agreed: Any, creator: Any, make_note: Callable[..., Any]) -> Any:
    draft = make_note(creator, publish=False)
    return services.hand_in(by=creator, pk=agreed.pk, note_id=draft.pk, now=timezone.now())


@pytest.fixture
def approved(drafted: Any, owner: Any) -> Any:
    return services.approve(
        by=owner, pk=drafted.pk, seen_revision=drafted.revision, now=timezone.now()
    )
