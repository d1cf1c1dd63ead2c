"""Documents as a strict reader parses them."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from community.brands.models import Brand
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand


def parsed(document):
    return ElementTree.fromstring(document)  # noqa: S314 (our own)


@pytest.fixture
def kiln(alice):
    """A verified brand and its product, at a price."""
    now = timezone.now()
    brand = open_brand(owner=alice, slug="lowkiln", page=BrandPage(name="Low Kiln"), now=now)
    facts = ProductFacts(name="Blue bowl", price=1250, currency="EUR", about="Ash glaze.")
    bowl = add_product(actor=alice, slug=brand.slug, facts=facts, now=now)
    Brand.objects.update(verified_until=now + timedelta(days=9))
    brand.refresh_from_db()
    return brand, bowl
