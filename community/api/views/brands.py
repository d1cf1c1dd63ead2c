"""Brands and their teams, for programs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import page_of
from accounts.api.people_rows import author_json
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.api.views import site_address
from accounts.models import User
from community.brands import services, team
from community.brands.access import shown_brand, team_member
from community.brands.lookup import give_logos
from community.brands.models import Brand, Invitation, Member, Product
from community.brands.rows import brand_json
from community.brands.rules import Right
from community.brands.services import BrandPage

from . import brand_shapes as shapes
from .notes import channel_called


class BrandsView(ApiView):
    @describe(
        "list_brands",
        "Brands, newest first",
        query=PageQuery,
        answer=pages_of(shapes.BrandSerializer),
    )
    def get(self, request: Request) -> Response:
        brands = Brand.objects.shown().select_related("channel")
        rows, following = page_of(
            request, brands, order=("-created_at", "-pk"), **query_of(request, PageQuery)
        )
        return Response({"results": _brands(request, rows), "next": following})

    @describe(
        "open_brand",
        "Open a brand; you become its owner",
        body=shapes.NewBrandBody,
        answer=shapes.BrandSerializer,
        status=201,
        refuses=[409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, shapes.NewBrandBody)
        slug, owner = body.pop("slug"), actor_of(request)
        brand = services.open_brand(owner=owner, slug=slug, page=_page(body), now=timezone.now())
        return Response(_brands(request, [brand])[0], status=201)


class BrandView(ApiView):
    @describe("get_brand", "A brand", answer=shapes.BrandSerializer, refuses=[404])
    def get(self, request: Request, slug: str) -> Response:
        return Response(_brands(request, [shown_brand(slug)])[0])

    @describe(
        "edit_brand",
        "Change a brand's page",
        body=shapes.BrandFields,
        answer=shapes.BrandSerializer,
        refuses=[403, 404, 409],
    )
    def patch(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        with transaction.atomic():
            # Refused before the body is looked at.
            brand = team_member(actor, slug, Right.PAGE).brand
            page = _page(body_of(request, shapes.BrandFields), brand)
            brand = services.edit_brand(actor=actor, slug=slug, page=page, now=timezone.now())
        return Response(_brands(request, [brand])[0])


class MyBrandsView(MembersView):
    @describe(
        "list_my_brands",
        "Brands on whose team you are",
        query=PageQuery,
        answer=pages_of(shapes.BrandSerializer),
    )
    def get(self, request: Request) -> Response:
        brands = Brand.objects.of(actor_of(request)).select_related("channel")
        rows, following = page_of(
            request, brands, order=("-created_at", "-pk"), **query_of(request, PageQuery)
        )
        return Response({"results": _brands(request, rows), "next": following})


# ---------------------------------------------------------------- the team
class MembersOfBrandView(MembersView):
    @describe(
        "list_brand_members", "The team, for who is on it", answer=shapes.MemberList, refuses=[404]
    )
    def get(self, request: Request, slug: str) -> Response:
        brand = team_member(actor_of(request), slug).brand
        return Response({"results": _members(request, brand)})

    @describe(
        "invite_to_brand",
        "Ask somebody onto the team",
        body=shapes.InviteBody,
        answer=shapes.InvitationSerializer,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        team_member(actor, slug)
        invitation = team.invite(
            actor=actor, slug=slug, now=timezone.now(), **body_of(request, shapes.InviteBody)
        )
        return Response(_invitation(invitation), status=201)


class MemberOfBrandView(MembersView):
    @describe(
        "change_brand_role",
        "Give a member another role",
        body=shapes.RoleBody,
        answer=shapes.MemberList,
        refuses=[403, 404, 409],
    )
    def patch(self, request: Request, slug: str, username: str) -> Response:
        actor = actor_of(request)
        brand = team_member(actor, slug).brand
        role = body_of(request, shapes.RoleBody)["role"]
        team.change_role(actor=actor, slug=slug, username=username, role=role, now=timezone.now())
        return Response({"results": _members(request, brand)})

    @describe(
        "remove_brand_member",
        "Send a member off the team, or leave it yourself",
        status=204,
        refuses=[403, 404, 409],
    )
    def delete(self, request: Request, slug: str, username: str) -> Response:
        actor, now = actor_of(request), timezone.now()
        if username.casefold() == actor.username.casefold():
            team.leave(person=actor, slug=slug, now=now)
        else:
            team.remove_member(actor=actor, slug=slug, username=username, now=now)
        return Response(status=204)


class InvitationsView(MembersView):
    @describe("list_brand_invitations", "Teams that ask you", answer=shapes.InvitationList)
    def get(self, request: Request) -> Response:
        rows = Invitation.objects.filter(person=actor_of(request), state=Invitation.State.OPEN)
        rows = rows.select_related("brand").order_by("-pk")
        return Response({"results": [_invitation(row) for row in rows]})


class InvitationView(MembersView):
    @describe(
        "accept_brand_invitation",
        "Join the team",
        answer=shapes.InvitationSerializer,
        refuses=[404, 409],
    )
    def put(self, request: Request, invitation_id: int) -> Response:
        actor = actor_of(request)
        team.accept(person=actor, invitation_id=invitation_id, now=timezone.now())
        return Response(_invitation(team.own_invitation(actor, invitation_id)))

    @describe("decline_brand_invitation", "Decline", status=204, refuses=[404, 409])
    def delete(self, request: Request, invitation_id: int) -> Response:
        team.decline(person=actor_of(request), invitation_id=invitation_id, now=timezone.now())
        return Response(status=204)


# ---------------------------------------------------------------- answers
def _brands(request: Request, rows: list[Brand]) -> list[dict[str, Any]]:
    give_logos(rows)
    roles, offered = _roles(viewer_of(request), rows), _offered(rows)
    return [
        brand_json(
            row,
            base=site_address(request),
            products=offered.get(row.pk, 0),
            role=roles.get(row.pk, ""),
        )
        for row in rows
    ]


def _offered(brands: list[Brand]) -> dict[int, int]:
    """How many products each of these brands offers."""
    rows = Product.objects.offered().filter(brand__in=[brand.pk for brand in brands])
    return dict(rows.order_by().values_list("brand").annotate(n=Count("pk")))


def _roles(viewer: User | None, brands: list[Brand]) -> dict[int, str]:
    if viewer is None:
        return {}
    rows = Member.objects.filter(person=viewer, brand__in=[brand.pk for brand in brands])
    return dict(rows.values_list("brand_id", "role"))


def _page(body: dict[str, Any], brand: Brand | None = None) -> BrandPage:
    """What was sent, and for what was left out, what the brand says now."""
    channel = brand.channel if brand else None
    if "channel" in body:
        channel = channel_called(body["channel"]) if body["channel"] else None
    return BrandPage(
        name=body.get("name", brand.name if brand else ""),
        about=body.get("about", brand.about if brand else ""),
        website=body.get("website", brand.website if brand else ""),
        channel=channel,
        aliases=body.get("aliases", brand.aliases if brand else ()),
    )


def _members(request: Request, brand: Brand) -> list[dict[str, Any]]:
    base = site_address(request)
    return [
        {
            "person": author_json(
                username=row.person.username,
                display_name=row.person.profile.display_name,
                avatar=row.person.profile.avatar,
                base=base,
            ),
            "role": row.role,
            "joined_at": row.joined_at,
        }
        for row in brand.members.select_related("person__profile")
    ]


def _invitation(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "brand": row.brand.slug,
        "name": row.brand.name,
        "role": row.role,
        "created_at": row.created_at,
    }
