"""A person's part in brands. The brand itself belongs to its team and stays with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import FILES, Column, Row, Section, by_key, register, tell

from .documents import path_of
from .models import BrandLog, Document, Invitation, Member, Verification

tell(
    "brands",
    _("Brands that you speak for."),
    models=["brands.Member"],
    source=lambda person: Member.objects.filter(person=person),
    columns={
        "brand": Column("brand__slug", "the brand's name in addresses"),
        "name": Column("brand__name", "the brand's name"),
        "role": Column("role", "owner, manager or editor"),
        "at": Column("joined_at", WHEN),
    },
)
tell(
    "brand_invitations",
    _("Invitations to speak for a brand."),
    models=["brands.Invitation"],
    source=lambda person: Invitation.objects.filter(person=person),
    columns={
        "brand": Column("brand__slug", "the brand's name in addresses"),
        "role": Column("role", "owner, manager or editor"),
        "state": Column("state", "open, accepted, declined or withdrawn"),
        "at": Column("created_at", WHEN),
        "decided_at": Column("decided_at", WHEN),
    },
)
tell(
    "brand_acts",
    _("What you did for brands, as their log has it."),
    models=["brands.BrandLog"],
    source=lambda person: BrandLog.objects.filter(actor=person),
    columns={
        "brand": Column("brand__slug", "the brand's name in addresses"),
        "act": Column("act", "what was done"),
        "words": Column("words", "details"),
        "at": Column("at", WHEN),
    },
)


def _verifications(person: User) -> Iterator[Row]:
    asked = Verification.objects.filter(applied_by=person).select_related("brand")
    for page in by_key(asked.prefetch_related("documents"), key=lambda row: row.pk):
        for row in page:
            documents = [_document(document) for document in row.documents.all()]
            yield {
                "brand": row.brand.slug,
                "state": row.state,
                "words": row.words,
                "reason": row.reason,
                "at": row.applied_at,
                "decided_at": row.decided_at,
                FILES: [file for told in documents for file in told.pop(FILES)],
                "documents": documents,
            }


def _document(document: Document) -> dict[str, Any]:
    name = None if document.deleted_at else f"documents/{document.pk}.{document.kind}"
    return {
        "name": document.name,
        "file": f"media/{name}" if name else None,
        "sent_at": document.sent_at,
        "deleted_at": document.deleted_at,
        FILES: [(name, path_of(document.token))] if name else [],
    }


register(
    Section(
        "brand_verifications",
        _("Applications to verify a brand that you sent, with the documents that are kept."),
        {
            "brand": "the brand's name in addresses",
            "state": "waiting, approved and so on",
            "words": "what you wrote",
            "reason": "what staff answered",
            "at": WHEN,
            "decided_at": WHEN,
            "documents": "name, file, sent_at, deleted_at",
        },
        _verifications,
        ("brands.Verification", "brands.Document"),
    )
)
