"""What one note is outside of the community: labels first, pictures with sizes, whole addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from community.models import Note, NoteImage, NoteVideo
from community.pictures_shown import USUAL_WIDTH, picture_of
from community.rich_text import linked
from community.videos_shown import video_address, video_of

# No XML document may hold them; Django refuses the whole feed for one.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class File:
    """A picture or video for a program to fetch."""

    address: str
    kind: str
    size: int
    width: int
    height: int
    alt: str = ""


def labels_of(note: Note) -> list[str]:
    """What readers must be told of a note wherever they meet it."""
    labels = [note.get_disclosure_display()] if note.disclosure else []
    return [*labels, _("Made with AI")] if note.ai_made else labels


def title_of(note: Note) -> str:
    """Its title behind its labels: many readers and previews show no more than that."""
    return xml_text(" · ".join([*labels_of(note), str(note)]))


def teaser_text(note: Note, length: int = 200) -> str:
    """The first words of the text, on one line, behind the labels."""
    words = " ".join(note.body.split())
    short = words if len(words) <= length else f"{words[: length - 1]}…"
    return xml_text(" · ".join([*labels_of(note), *([short] if short else [])]))


def body_html(note: Note, base: str) -> str:
    """The text as HTML whose links hold anywhere. Text is escaped: only our own links match."""
    html = linked(xml_text(note.body), known=frozenset())
    return str(html).replace('href="/', f'href="{base}/')


def files_of(note: Note, base: str, *, drawn: bool = False) -> list[File]:
    """Its pictures as JPEG and its video, in order; text cards where `drawn` asks for them."""
    pictures = [
        _picture_file(image, base)
        for image in note.images.all()
        if image.state == NoteImage.State.READY and (drawn or not image.is_text_card)
    ]
    video = video_of(note)
    films = [_video_file(video, base)] if video is not None and video.is_ready else []
    return [file for file in [*pictures, *films] if file is not None]


def xml_text(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def _picture_file(image: NoteImage, base: str) -> File | None:
    jpegs = sorted((r for r in image.renditions if r["format"] == "jpeg"), key=lambda r: r["width"])
    if not jpegs:
        return None
    largest = jpegs[-1]
    address = picture_of(image).largest
    return File(f"{base}{address}", "image/jpeg", **_sizes(largest), alt=xml_text(image.alt))


def _video_file(video: NoteVideo, base: str) -> File | None:
    """The smallest one that is wide enough."""
    files = video.smallest_first
    if not files:
        return None
    chosen = next((f for f in files if f["width"] >= USUAL_WIDTH), files[-1])
    address = video_address(video.token, chosen["filename"])
    return File(f"{base}{address}", "video/mp4", **_sizes(chosen))


def _sizes(rendition: dict[str, Any]) -> dict[str, Any]:
    return {
        "size": rendition.get("bytes", 0),
        "width": rendition["width"],
        "height": rendition["height"],
    }
