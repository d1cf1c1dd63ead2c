"""What a person reads when a picture is refused: what is wrong, and what to do."""

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from community.media.errors import RefusalCode
from community.media.limits import MAX_FRAMES, MAX_PIXELS, MAX_UPLOAD_BYTES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REFUSALS: dict[RefusalCode, "_StrPromise"] = {
    "empty": _("This file is empty. Choose the picture again."),
    "too_large": format_lazy(
        _("This file is larger than {limit} MB. Save it smaller and choose it again."),
        limit=MAX_UPLOAD_BYTES // (1024 * 1024),
    ),
    "too_many_pixels": format_lazy(
        _("This picture has more than {limit} megapixels. Scale it down and choose it again."),
        limit=MAX_PIXELS // 1_000_000,
    ),
    "too_many_frames": format_lazy(
        _("This animation has more than {limit} frames. Shorten it, or choose a still picture."),
        limit=MAX_FRAMES,
    ),
    "not_a_picture": _(
        "This file is not a picture we can read. Open it on your device, save it as JPEG, "
        "and choose the copy."
    ),
    "wrong_type": _(
        "This kind of file is not accepted. Choose a JPEG, PNG, WebP, AVIF, HEIC or GIF picture."
    ),
    "truncated": _(
        "Part of this picture is missing. Check that it opens on your device, and upload it again."
    ),
    "too_slow": _("This picture took too long to prepare. Save it as a JPEG and choose the copy."),
}
