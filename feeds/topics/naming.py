"""Addresses of topics and campaigns."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify


def free_slug(name: str, among: QuerySet[Any], *, otherwise: str) -> str:
    """A slug that none of the rows has."""
    base = slugify(name, allow_unicode=True)[:70] or otherwise
    taken = set(among.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (slug for n in range(len(taken) + 2) if (slug := f"{base}-{n}" if n else base))
    return next(slug for slug in free if slug not in taken)
