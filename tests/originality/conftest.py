"""Long texts that are easy to copy, and pictures with hashes of one's choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django.utils.crypto import get_random_string

from tests.conftest import other_words

MEASURES = {"sharpness": 150.0, "brightness": 120.0, "contrast": 50.0, "entropy": 7.0}


@pytest.fixture
def text() -> str:
    return f"{other_words(901)}\n{other_words(902)}"


@pytest.fixture
def add_ready_picture(db: None) -> Callable[..., Any]:
    """A picture as the worker leaves it, with this perceptual hash."""
    from community.models import NoteImage

    def add(note: Any, phash: str, **fields: Any) -> NoteImage:
        NoteImage.objects.filter(note=note, is_text_card=True).delete()
        return NoteImage.objects.create(
            note=note,
            position=note.images.count(),
            state=NoteImage.State.READY,
            token=get_random_string(22),
            width=1080,
            height=1440,
            phash=phash,
            created_at=timezone.now(),
            **{"measures": MEASURES, **fields},
        )

    return add


@pytest.fixture
def settle(work_off: Callable[..., int]) -> Callable[[], None]:
    """Work until nothing is left: what is found asks for more work."""

    def work() -> None:
        while work_off():
            pass

    return work


@pytest.fixture
def found(settle: Callable[[], None]) -> Callable[[Any], dict[str, tuple[int, bool]]]:
    """What a note is found to repeat: {what: (original, own)}."""
    from community.originality.models import Likeness

    def look(note: Any) -> dict[str, tuple[int, bool]]:
        settle()
        rows = Likeness.objects.filter(note=note)
        return {row.what: (row.original_id, row.own) for row in rows}

    return look
