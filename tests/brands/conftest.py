"""Alice's brand with one product; Bob and Charlie as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from community.brands.models import Member
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand

SHOP = "https://shop.tidalkiln.com/bowl?from=rockpool"


@pytest.fixture
def kiln(alice: Any) -> Any:
    page = BrandPage(name="Tidal Kiln 潮汐窑", about="Bowls.", aliases=["潮汐窑", "TK Ceramics"])
    return open_brand(owner=alice, slug="tidalkiln", page=page, now=timezone.now())


@pytest.fixture
def bowl(kiln: Any, alice: Any) -> Any:
    facts = ProductFacts(
        name="Celadon Bowl", sku="B-1", price=12800, currency="CNY", link=SHOP, aliases=["青瓷碗"]
    )
    return add_product(actor=alice, slug=kiln.slug, facts=facts, now=timezone.now())


@pytest.fixture
def join(kiln: Any) -> Callable[..., Member]:
    """Somebody on the team, in whatever way they came there."""

    def make(person: Any, role: str = "editor") -> Member:
        return Member.objects.create(brand=kiln, person=person, role=role, joined_at=timezone.now())

    return make
