"""Alice and Bob talk: he follows her. Charlie is a stranger to both."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from community.messaging.models import Conversation, Message
from community.messaging.services import Said, send_message, write_to
from community.outbox import jobs


@pytest.fixture
def say() -> Callable[..., Message]:
    """Words into a conversation."""

    def said(sender: Any, conversation: Any, body: str = "Hello", **more: Any) -> Message:
        return send_message(
            sender=sender, conversation_id=conversation.pk, said=Said(body=body, **more)
        )

    return said


@pytest.fixture
def talk(alice: Any, bob: Any) -> Conversation:
    """Alice has written to Bob, who follows her: no request."""
    return write_to(sender=alice, username="bob", said=Said(body="Good morning")).conversation


@pytest.fixture
def request_of(alice: Any, charlie: Any) -> Conversation:
    """Charlie has written to Alice, who does not follow him."""
    return write_to(sender=charlie, username="alice", said=Said(body="May I ask?")).conversation


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    def browse(person: Any) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return browse


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    def make(name: str = "bowl.jpg") -> SimpleUploadedFile:
        buffer = io.BytesIO()
        exif = Image.Exif()
        exif[0x010F] = "A camera that tells"
        Image.effect_noise((320, 240), 60).convert("RGB").save(buffer, "JPEG", exif=exif)
        return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")

    return make


@pytest.fixture
def pictures_done() -> Callable[[], None]:
    def work() -> None:
        while jobs.work_off("media"):
            pass

    return work
