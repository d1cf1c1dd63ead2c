"""What the tests of pages and videos begin with, for their like on servers of our own."""

from tests.pages.conftest import as_person, note_with_picture, photo
from tests.storms.conftest import file_database
from tests.videos.conftest import clip, film, prepare, video_note

__all__ = [
    "as_person", "clip", "file_database", "film", "note_with_picture", "photo", "prepare",
    "video_note",
]  # fmt: skip
