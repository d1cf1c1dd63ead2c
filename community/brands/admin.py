"""The desk of brands: applications to decide, brands to suspend, and what was done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.wallet import money
from community.decided import Decided
from community.look_only import LookOnly

from . import documents, services, verification
from .models import Brand, BrandLog, Product, Verification

LINES_SHOWN = 50


@admin.register(Brand)
class BrandAdmin(Decided):
    template = "admin/brands/brand.html"
    permission = services.SUSPEND
    list_display = ("name", "slug", "verified_until", "suspended_at", "created_at")
    list_filter = (("suspended_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "slug")
    ordering: ClassVar = ["-pk"]

    def acts(self, row: Brand) -> list[tuple[str, Any]]:
        return [("restore", _("Restore"))] if row.suspended_at else [("suspend", _("Suspend"))]

    def do(self, act: str, row: Brand, **facts: Any) -> None:
        if act == "suspend":
            services.suspend_brand(brand_id=row.pk, **facts)
        else:
            facts.pop("reason")
            services.restore_brand(brand_id=row.pk, **facts)

    def about(self, row: Brand) -> dict[str, Any]:
        return {
            "members": row.members.select_related("person"),
            "product_count": row.products.count(),
            "log": row.log.select_related("actor")[:LINES_SHOWN],
        }


class WaitingFilter(admin.SimpleListFilter):
    """The queue first: what waits is what one comes for."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting for staff"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Verification]
    ) -> QuerySet[Verification]:
        waiting = Verification.State.WAITING
        return queryset.filter(state=waiting) if self.value() == "waiting" else queryset


@admin.register(Verification)
class VerificationAdmin(Decided):
    template = "admin/brands/verification.html"
    permission = verification.DECIDE
    list_display = ("brand", "state", "applied_at", "decided_at", "decided_by")
    list_filter = (WaitingFilter,)
    list_select_related = ("brand", "decided_by")
    search_fields = ("brand__name", "brand__slug")
    ordering: ClassVar = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.document)
        return [path("documents/<int:pk>/", view, name="brand_document"), *super().get_urls()]

    def acts(self, row: Verification) -> list[tuple[str, Any]]:
        if row.state != Verification.State.WAITING:
            return []
        return [("approve", _("Approve")), ("refuse", _("Refuse"))]

    def do(self, act: str, row: Verification, **facts: Any) -> None:
        decide: Callable[..., Any] = (
            verification.approve if act == "approve" else verification.refuse
        )
        decide(verification_id=row.pk, **facts)

    def about(self, row: Verification) -> dict[str, Any]:
        return {"documents": row.documents.all()}

    def document(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, to be saved and not shown: what strangers send runs in no page of ours."""
        try:
            found = verification.document_for(request.user, pk)  # type: ignore[arg-type]
        except DomainError as refusal:
            raise PermissionDenied if refusal.status == 403 else Http404 from refusal
        self.log_change(request, found.verification, f"opened document {pk}")
        try:
            file = documents.path_of(found.token).open("rb")
        except OSError as error:
            raise Http404 from error
        answer = FileResponse(
            file,
            as_attachment=True,
            filename=f"document-{pk}.{found.kind}",
            content_type=documents.TYPES[found.kind],
        )
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer  # type: ignore[return-value]


@admin.register(Product)
class ProductAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("name", "brand", "cost", "link", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    list_select_related = ("brand",)
    search_fields = ("name", "sku", "brand__name")

    @admin.display(description=_("price"), ordering="price")
    def cost(self, product: Product) -> str:
        return "–" if product.price is None else money.show(product.price, product.currency)


@admin.register(BrandLog)
class BrandLogAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("at", "brand", "actor", "act", "words")
    list_filter = ("act",)
    list_select_related = ("brand", "actor")
    search_fields = ("brand__name", "brand__slug", "actor__username")
