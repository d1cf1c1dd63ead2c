"""Albums of Alice, and people to put notes into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from community.albums.members import answer_invitation, invite
from community.albums.services import AlbumContent, create_album


@pytest.fixture
def make_album() -> Callable[..., Any]:
    def make(owner: Any, title: str = "Bowls", **said: Any) -> Any:
        return create_album(owner=owner, content=AlbumContent(title=title, **said))

    return make


@pytest.fixture
def join() -> Callable[..., None]:
    """Somebody is invited and agrees."""

    def ask(album: Any, person: Any) -> None:
        invite(actor=album.owner, album_id=album.pk, username=person.username)
        answer_invitation(person=person, album_id=album.pk, accept=True)

    return ask
