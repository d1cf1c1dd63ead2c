"""Documents that prove who somebody is: taken by content, kept where no web address leads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.file_store import Kept, files_below, private_root, write
from community.media.errors import PictureRefused
from community.media.intake import inspect_upload
from community.text.clean import clean_line

from .models import Document, Verification

MOST_DOCUMENTS, LARGEST = 5, 10 * 1024 * 1024
TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
# A PDF says so at its beginning and ends with a mark that a cut-off upload lacks.
PDF_HEAD, PDF_END, END_WITHIN = b"%PDF-", b"%%EOF", 1_024


def kind_of(file: BinaryIO, *, name: str) -> str:
    """ "pdf", "jpeg" or "png", by what the file holds. Raises Invalid with the reason."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > LARGEST:
        text = _("A document is at most %(count)d MB large.") % {"count": LARGEST >> 20}
        raise Invalid(text, field="documents", code="too_large")
    if file.read(len(PDF_HEAD)) == PDF_HEAD:
        file.seek(max(0, size - END_WITHIN))
        if PDF_END not in file.read():
            text = _("This PDF is cut off. Send it again.")
            raise Invalid(text, field="documents", code="truncated")
        file.seek(0)
        return "pdf"
    try:
        kind = inspect_upload(file, name=name).format.lower()
    except PictureRefused:
        kind = ""
    if kind not in TYPES:
        raise Invalid(
            _("Documents are PDF, JPEG or PNG files."), field="documents", code="wrong_type"
        )
    return kind


def keep(
    verification: Verification, files: Iterable[tuple[BinaryIO, str]], *, now: datetime
) -> list[Document]:
    """Keep the files with an application, in its transaction; what is written for one that is not
    committed is taken away again. Raises Invalid."""
    kept: list[Document] = []
    try:
        for file, name in files:
            kind = kind_of(file, name=name)
            token = get_random_string(32)
            size = file.seek(0, os.SEEK_END)
            write(file, path_of(token))
            kept.append(
                Document(
                    verification=verification, token=token, kind=kind, size=size, sent_at=now,
                    name=clean_line(name, max_length=100) or kind,
                )
            )  # fmt: skip
        if not kept or len(kept) > MOST_DOCUMENTS:
            text = _("Send between one and %(count)d documents.") % {"count": MOST_DOCUMENTS}
            raise Invalid(text, field="documents", code="how_many")
        Document.objects.bulk_create(kept)
    except BaseException:
        for document in kept:
            path_of(document.token).unlink(missing_ok=True)
        raise
    return kept


def forget(documents: Iterable[Document], *, now: datetime) -> int:
    """Mark them deleted now, and delete the files once that is committed."""
    gone = list(documents)
    Document.objects.filter(pk__in=[row.pk for row in gone]).update(deleted_at=now)

    def delete_files() -> None:
        for row in gone:
            path_of(row.token).unlink(missing_ok=True)

    transaction.on_commit(delete_files)
    return len(gone)


def path_of(token: str) -> Kept:
    return _root() / token[:2] / token


def _root() -> Kept:
    return private_root() / "brand-documents"


def stray_files(*, older_than: datetime) -> list[Kept]:
    """Files that no kept document has: their upload or their deletion was cut off."""
    files = [path for path, at in files_below(_root()) if at < older_than.timestamp()]
    kept = Document.objects.filter(deleted_at=None, token__in=[path.name for path in files])
    tokens = set(kept.values_list("token", flat=True))
    return [path for path in files if path.name not in tokens]
