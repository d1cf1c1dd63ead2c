"""A file in parts (RFC 9110, section 14): players ask for the piece that they are about to show."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from accounts.file_store import Kept, read

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_in_parts(
    request: HttpRequest, path: Kept, *, content_type: str, etag: str = ""
) -> HttpResponse:
    """The file or the one part of it that was asked for (206, or 416 where it has no such part).

    Several parts at once are answered with the whole, as the standard allows; so is a part of a
    version that is another by now (`If-Range`). Raises Http404 where there is no file.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Http404 from error
    part = _part_asked(request, size, etag)
    if part is not None and not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    chosen = range(size) if part is None else part
    response = StreamingHttpResponse(
        () if request.method == "HEAD" else read(path, chosen),
        status=200 if part is None else 206,
        content_type=content_type,
    )
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(len(chosen))
    if part is not None:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response  # type: ignore[return-value]


def _part_asked(request: HttpRequest, size: int, etag: str) -> range | None:
    """The bytes that were asked for, none of them where there are none; None: all."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or not any(found.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:  # the last so many
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):  # no range at all
        return None
    return range(min(int(first), size), min(int(last) + 1, size) if last else size)
