"""Browsers without JavaScript, and pictures to upload."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    """A browser in which this person is logged in; None is a visitor."""

    def browse(person: Any) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return browse


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    def make(name: str = "bowl.jpg", size: tuple[int, int] = (320, 240)) -> SimpleUploadedFile:
        buffer = io.BytesIO()
        Image.effect_noise(size, 60).convert("RGB").save(buffer, "JPEG")
        return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")

    return make


@pytest.fixture
def note_with_picture(
    make_note: Callable[..., Any], photo: Callable[..., Any]
) -> Callable[..., Any]:
    """A note whose one picture has really been through the worker's hands."""
    from community.models import Note
    from community.outbox.jobs import work_off
    from community.services.pictures import add_picture

    def make(author: Any, **content: Any) -> Any:
        note = make_note(author, publish=False, **content)
        add_picture(author=author, note_id=note.pk, upload=photo(), name="bowl.jpg")
        work_off("media")
        return Note.objects.get(pk=note.pk)

    return make
