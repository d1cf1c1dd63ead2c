"""What a person reads when a video is refused: what is wrong, and what to do."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from community.media.video_errors import RefusalCode
from community.media.video_limits import MAX_FRAME_RATE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REFUSALS: dict[RefusalCode, "_StrPromise"] = {
    "empty": _("This file is empty. Choose the video again."),
    "too_large": format_lazy(
        _("This video is larger than {limit} MB. Save it smaller or shorter and choose it again."),
        limit=settings.VIDEO_LARGEST_BYTES // 1_000_000,
    ),
    "wrong_type": _("This kind of file is not accepted. Choose an MP4, MOV or WebM video."),
    "not_a_video": _(
        "This file is not a video we can read. Open it on your device, save it as MP4, and choose"
        " the copy."
    ),
    "no_picture": _("There is only sound in this file. Choose a video with a picture."),
    "truncated": _(
        "Part of this video is missing. Check that it plays on your device, and upload it again."
    ),
    "too_long": format_lazy(
        _("This video is longer than {limit} seconds. Cut it and choose it again."),
        limit=int(settings.VIDEO_LONGEST.total_seconds()),
    ),
    "too_short": _("This video is over before one sees it. Choose a longer one."),
    "too_many_pixels": _("This video is larger than 4K. Save it smaller and choose it again."),
    "too_many_frames": format_lazy(
        _("This video has more than {limit} frames a second. Save it with fewer."),
        limit=MAX_FRAME_RATE,
    ),
    "too_demanding": _(
        "This video takes too much to prepare. Save it as MP4 in 1080p and choose the copy."
    ),
    "failed": _(
        "This video could not be prepared, and it was not the video’s fault. Try again, or choose"
        " another."
    ),
}


def refusal_of(code: str) -> "_StrPromise | str":
    """The sentence for a code as it is kept in a row; empty for one that is not known any more."""
    return REFUSALS.get(code, "")  # type: ignore[call-overload]
