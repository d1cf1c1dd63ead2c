"""What people write, and what they write it about."""

from .channel import Channel
from .comment import Comment, CommentLike
from .idempotency import IdempotentAnswer
from .imported import ImportedRow
from .note import Note, NoteImage, NoteRevision, NoteStats
from .place import Place
from .reaction import Arrival, Collect, Like, Share
from .tag import Tag, TaggedNote
from .video import NoteVideo

__all__ = [
    "Arrival", "Channel", "Collect", "Comment", "CommentLike", "IdempotentAnswer", "ImportedRow",
    "Like", "Note", "NoteImage", "NoteRevision", "NoteStats", "NoteVideo", "Place", "Share", "Tag",
    "TaggedNote",
]  # fmt: skip
