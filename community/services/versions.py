"""Which words a page was opened with: a short name for all that an author types about a note.

`Note.revision` will not do: it also moves when a picture becomes ready, which is nobody's edit.
"""

from __future__ import annotations

from hashlib import blake2b
from json import dumps

from django.utils.translation import gettext as _

from accounts.errors import Conflict
from community.models import Note

from .tagging import shown_names

STALE = "stale"


def words_version(note: Note) -> str:
    """16 hex digits that differ wherever something typed differs."""
    descriptions = note.images.exclude(alt="").filter(is_text_card=False).order_by("pk")
    products = note.product_links.order_by("position", "pk")
    said = (
        note.title, note.body, list(shown_names(note)), note.channel_id, note.place_id,
        note.visibility, note.licence, note.ai_made, note.disclosure,
        list(descriptions.values_list("pk", "alt")),
        list(products.values_list("product", flat=True)),
    )  # fmt: skip
    return blake2b(dumps(said).encode(), digest_size=8).hexdigest()


def require_version(note_id: int, version: str) -> None:
    """Refuse to write over words that the writer has not seen. Call it inside the transaction of
    the write. Raises Conflict (code "stale")."""
    note = Note.objects.select_for_update(no_key=True).filter(pk=note_id).first()
    if note is not None and words_version(note) != version:
        raise Conflict(_("This note was changed in another window since."), code=STALE)
