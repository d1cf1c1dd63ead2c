"""The two ways in which a picture does not become a picture on the site.

The decoding child raises these as well, so Django is imported only when a message is asked for.
"""

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RefusalCode = Literal[
    "empty",
    "too_large",
    "too_many_pixels",
    "too_many_frames",
    "not_a_picture",
    "wrong_type",
    "truncated",
    "too_slow",
]
REFUSAL_CODES: tuple[str, ...] = get_args(RefusalCode)


class PictureRefused(Exception):
    """The file cannot be taken; `message` tells the person what to do instead."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code

    @property
    def message(self) -> "_StrPromise":
        """A lazily translated sentence for the person who chose the file."""
        from community.media.refusals import REFUSALS

        return REFUSALS[self.code]


class PictureFailed(Exception):
    """Something of ours failed, not the picture: the same file may work when tried again."""
