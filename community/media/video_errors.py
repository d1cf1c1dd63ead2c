"""The ways in which a video does not become a video on the site."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RefusalCode = Literal[
    "empty",
    "too_large",
    "wrong_type",
    "not_a_video",
    "no_picture",
    "truncated",
    "too_long",
    "too_short",
    "too_many_pixels",
    "too_many_frames",
    "too_demanding",
    "failed",
]


class VideoRefused(Exception):
    """The file cannot be taken; `message` tells the person what to do instead."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code

    @property
    def message(self) -> "_StrPromise":
        """A lazily translated sentence for the person who chose the file."""
        from community.media.video_refusals import REFUSALS

        return REFUSALS[self.code]


class VideoFailed(Exception):
    """Something of ours failed, not the video: the same file may work when tried again."""
