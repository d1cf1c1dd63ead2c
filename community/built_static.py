"""Static files as `collectstatic` builds them: hashed names, compressed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# The API documentation's bundle and the admin's are large, rarely asked for, and cost most of the
# time that compressing takes.
SERVED_AS_THEY_ARE = ("drf_spectacular_sidecar/", "admin/", "rest_framework/")


class BuiltStatic(CompressedManifestStaticFilesStorage):
    # Modules import each other by their hashed names, too, so that these may be kept for ever. Only
    # ours: Django's `support_js_module_import_aggregation` trips over comments of other people's.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        ours = [path for path in paths if not path.startswith(SERVED_AS_THEY_ARE)]
        yield from super().compress_files(ours)
