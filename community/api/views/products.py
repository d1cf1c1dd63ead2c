"""Products and catalogues, for programs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, UploadView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import body_of, form_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.api.views import site_address
from accounts.errors import NotFound
from community.brands import click_report, importing, pictures, products
from community.brands.access import shown_product, team_member, team_product
from community.brands.csv_rows import LARGEST_FILE
from community.brands.lookup import products_called
from community.brands.models import Picture, Product
from community.brands.products import ProductFacts
from community.brands.rows import product_json

from . import brand_shapes as shapes


class ProductsView(ApiView):
    @describe(
        "list_products",
        "Products that are offered, newest first, of a brand or by their names if asked",
        query=shapes.ProductQuery,
        answer=pages_of(shapes.ProductSerializer),
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, shapes.ProductQuery)
        rows = products_called(query["q"]) if "q" in query else Product.objects.offered()
        if slug := query.get("brand"):
            rows = rows.filter(brand__slug=slug)
        found, following = page_of(
            request,
            rows.with_card(),  # type: ignore[attr-defined]
            order=("-created_at", "-pk"),
            limit=query["limit"],
            cursor=query["cursor"],
        )
        base = site_address(request)
        results = [product_json(row, base=base) for row in found]
        return Response({"results": results, "next": following})


class BrandProductsView(MembersView):
    @describe(
        "add_product",
        "Add a product to a brand's catalogue",
        body=shapes.NewProductBody,
        answer=shapes.ProductSerializer,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        team_member(actor, slug)  # refused before the body is looked at
        facts = _facts(body_of(request, shapes.NewProductBody))
        product = products.add_product(actor=actor, slug=slug, facts=facts, now=timezone.now())
        return Response(_one(request, product.pk), status=201)


class ProductView(ApiView):
    @describe("get_product", "A product", answer=shapes.ProductSerializer, refuses=[404])
    def get(self, request: Request, product_id: int) -> Response:
        return Response(_one(request, product_id))

    @describe(
        "edit_product",
        "Change a product, retire it or offer it again",
        body=shapes.ProductChangeBody,
        answer=shapes.ProductSerializer,
        refuses=[403, 404, 409],
    )
    def patch(self, request: Request, product_id: int) -> Response:
        actor, now = actor_of(request), timezone.now()
        with transaction.atomic():
            product = team_product(actor, product_id)
            body = body_of(request, shapes.ProductChangeBody)
            offered = body.pop("offered", None)
            facts = _facts(body, product)
            products.edit_product(actor=actor, product_id=product_id, facts=facts, now=now)
            if offered is not None:
                act = products.return_product if offered else products.retire_product
                act(actor=actor, product_id=product_id, now=now)
        return Response(_one(request, product_id))


class ProductClicksView(MembersView):
    @describe(
        "get_product_clicks",
        "How often a product's link was followed, by the note that led there; for its brand's team",
        query=shapes.ClicksQuery,
        answer=shapes.ProductClicksSerializer,
        refuses=[403, 404],
    )
    def get(self, request: Request, product_id: int) -> Response:
        viewer = actor_of(request)
        product = team_product(viewer, product_id, right=None)
        days = int(query_of(request, shapes.ClicksQuery)["days"])
        report = click_report.report_on(product, days, viewer=viewer, now=timezone.now())
        return Response(
            {
                "total": report.total,
                "notes": [{"note": note.pk, "clicks": clicks} for note, clicks in report.notes],
                "elsewhere": report.elsewhere,
                "days": [dict(zip(click_report.HEAD, line, strict=True)) for line in report.lines],
            }
        )


class ProductPicturesView(UploadView):
    @describe(
        "add_product_picture",
        "Add a picture to a product; it is shown once it was made ready",
        body=shapes.ImportBody,
        status=202,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, product_id: int) -> Response:
        actor = actor_of(request)
        team_product(actor, product_id, right=None)
        upload, name, _fields = form_of(request, shapes.ImportBody)
        pictures.add_picture(
            actor=actor, product_id=product_id, upload=upload, name=name, now=timezone.now()
        )
        return Response(status=202)


class CataloguePictureView(MembersView):
    @describe("remove_product_picture", "Remove a picture", status=204, refuses=[403, 404, 409])
    def delete(self, request: Request, product_id: int, picture_id: int) -> Response:
        if not Picture.objects.filter(pk=picture_id, product=product_id).exists():
            raise NotFound
        pictures.remove_picture(actor=actor_of(request), picture_id=picture_id, now=timezone.now())
        return Response(status=204)


class ImportView(UploadView):
    @describe(
        "import_products",
        "Add and change products from a CSV file; sending it again changes nothing",
        body=shapes.ImportBody,
        answer=shapes.ImportReport,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        team_member(actor, slug, right=None)
        upload, _name, _fields = form_of(request, shapes.ImportBody)
        report = importing.import_products(
            actor=actor, slug=slug, raw=upload.read(LARGEST_FILE + 1), now=timezone.now()
        )
        faults = report.faults[: importing.FAULTS_TOLD]
        return Response(
            {
                "added": report.added,
                "changed": report.changed,
                "same": report.same,
                "not_taken": [{"line": line, "reason": reason} for line, reason in faults],
            }
        )


def _one(request: Request, product_id: int) -> dict[str, Any]:
    return product_json(shown_product(product_id), base=site_address(request))


def _facts(body: dict[str, Any], product: Product | None = None) -> ProductFacts:
    """What was sent, and for what was left out, what the product says now."""
    names = ("name", "sku", "about", "price", "currency", "link", "aliases")
    known = {name: getattr(product, name) for name in names} if product else {}
    return ProductFacts(**{**known, **body})
