"""Addresses of topics."""

from __future__ import annotations

from django.utils.text import slugify

from .models import Topic


def slug_for(name: str) -> str:
    """A slug no other topic has."""
    base = slugify(name, allow_unicode=True)[:70] or "topic"
    taken = set(Topic.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (slug for n in range(len(taken) + 2) if (slug := f"{base}-{n}" if n else base))
    return next(slug for slug in free if slug not in taken)
