"""Tokens, one's own profile, other people, and the ties to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.limits import address_of
from accounts.models import Block, Follow, Mute, TokenName, User
from accounts.scopes import USUAL
from accounts.tokens import IssuedToken, delete_token, issue_token, live_tokens

from . import serializers as shapes
from .base import ApiView, MembersView, UploadView, actor_of, viewer_of
from .pagination import page_of
from .people_rows import people_json
from .reading import PageQuery, body_of, form_of, query_of
from .schema import describe, pages_of


class TokensView(ApiView):
    """Logging in needs neither a session nor a token; looking at one's tokens does."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        logging_in = self.request is not None and self.request.method == "POST"
        return [] if logging_in else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @describe(
        "create_token",
        "Log in and get a token",
        body=shapes.TokenBody,
        answer=shapes.NewToken,
        status=201,
        refuses=[409],
        open_to_all=True,
    )
    def post(self, request: Request) -> Response:
        issued = issue_token(**body_of(request, shapes.TokenBody), address=address_of(request))
        return Response(_new_token_json(issued), status=201)

    @describe("list_tokens", "Your tokens", answer=shapes.TokenList)
    def get(self, request: Request) -> Response:
        tokens = live_tokens(actor_of(request))
        results = [_token_json(token, getattr(token, "named", None)) for token in tokens]
        return Response({"results": results})


class TokenView(MembersView):
    @describe("delete_token", "End a token", status=204, refuses=[404])
    def delete(self, request: Request, prefix: str) -> Response:
        delete_token(person=actor_of(request), prefix=prefix)
        return Response(status=204)


def _token_json(token: Any, named: TokenName | None) -> dict[str, Any]:
    return {
        "prefix": token.token_key,
        "name": named.name if named else "",
        "scopes": (named.scopes if named else USUAL).split(),
        "created_at": token.created,
        "expires_at": token.expiry,
        "last_used_at": named.last_used_at if named else None,
    }


def _new_token_json(issued: IssuedToken) -> dict[str, Any]:
    return _token_json(issued.row, issued.named) | {"token": issued.secret}


# ---------------------------------------------------------------- oneself
class MeView(MembersView):
    @describe("get_me", "Your profile and settings", answer=shapes.Me)
    def get(self, request: Request) -> Response:
        return Response(_me_json(request))

    @describe("edit_me", "Change your profile", body=shapes.MeBody, answer=shapes.Me)
    def patch(self, request: Request) -> Response:
        services.edit_profile(person=actor_of(request), **body_of(request, shapes.MeBody))
        return Response(_me_json(request))


class AvatarView(UploadView):
    @describe("change_avatar", "Change your picture", body=shapes.FileBody, answer=shapes.Me)
    def put(self, request: Request) -> Response:
        upload, _name, _fields = form_of(request, shapes.FileBody)
        services.change_avatar(person=actor_of(request), upload=upload)
        return Response(_me_json(request))


def _me_json(request: Request) -> dict[str, Any]:
    me = User.objects.select_related("profile").get(pk=actor_of(request).pk)
    profile = me.profile
    [public] = people_json([me], viewer=me, base=site_address(request))
    return public | {
        "email": me.email,
        "language": profile.language,
        "time_zone": profile.time_zone,
        "theme": profile.theme,
        "personalised": profile.personalised,
        "likes_shown": profile.likes_shown,
        "latitude": profile.latitude,
        "longitude": profile.longitude,
    }


def site_address(request: Request) -> str:
    """ "https://pool.example.org", without a slash at the end."""
    return request.build_absolute_uri("/").rstrip("/")


# ---------------------------------------------------------------- others
class PersonView(ApiView):
    @describe("get_person", "A person", answer=shapes.Person, refuses=[404])
    def get(self, request: Request, username: str) -> Response:
        viewer = viewer_of(request)
        person = services.person_for(viewer, username)
        [answer] = people_json([person], viewer=viewer, base=site_address(request))
        return Response(answer)


class FollowersView(ApiView):
    @describe(
        "list_followers",
        "Who follows a person, newest first",
        query=PageQuery,
        answer=pages_of(shapes.Person),
        refuses=[404],
    )
    def get(self, request: Request, username: str) -> Response:
        person = services.person_for(viewer_of(request), username)
        return _people_page(request, Follow.objects.filter(followed=person), "follower")


class FollowingView(ApiView):
    @describe(
        "list_following",
        "Whom a person follows, newest first",
        query=PageQuery,
        answer=pages_of(shapes.Person),
        refuses=[404],
    )
    def get(self, request: Request, username: str) -> Response:
        person = services.person_for(viewer_of(request), username)
        return _people_page(request, Follow.objects.filter(follower=person), "followed")


class MyBlocksView(MembersView):
    @describe("list_blocks", "Whom you block", query=PageQuery, answer=pages_of(shapes.Person))
    def get(self, request: Request) -> Response:
        """Not through the gate: one must find whom one blocks in order to unblock them."""
        ties = Block.objects.filter(blocker=actor_of(request), blocked__is_active=True)
        return _people_page(request, ties, "blocked", gated=False)


class MyMutesView(MembersView):
    @describe("list_mutes", "Whom you mute", query=PageQuery, answer=pages_of(shapes.Person))
    def get(self, request: Request) -> Response:
        return _people_page(request, Mute.objects.filter(muter=actor_of(request)), "muted")


def _people_page(
    request: Request, ties: QuerySet[Any], end: str, *, gated: bool = True
) -> Response:
    """The people at one end of ties, newest tie first, as far as the viewer may meet them."""
    viewer, query = viewer_of(request), query_of(request, PageQuery)
    if gated:
        ties = ties.filter(**{f"{end}__in": User.objects.visible_to(viewer)})
    ties = ties.select_related(f"{end}__profile")
    rows, following = page_of(request, ties, order=("-pk",), **query)
    people = [getattr(row, end) for row in rows]
    results = people_json(people, viewer=viewer, base=site_address(request))
    return Response({"results": results, "next": following})


# ---------------------------------------------------------------- ties
class TieView(MembersView):
    """PUT ties, DELETE unties; both may be repeated."""

    # Filled by each tie: the two services, and what their arguments are called.
    tie: ClassVar[Callable[..., bool]]
    untie: ClassVar[Callable[..., bool]]
    ends: ClassVar[tuple[str, str]]
    state: ClassVar[str]

    def put_tie(self, request: Request, username: str) -> Response:
        actor = actor_of(request)
        other = services.person_for(actor, username)
        type(self).tie(**dict(zip(self.ends, (actor, other), strict=True)))
        return Response({self.state: True})

    def delete_tie(self, request: Request, username: str) -> Response:
        """Whether there is such a person is not told: a block may be what hides them."""
        other = User.objects.filter(username__iexact=username).first()
        if other is not None:
            type(self).untie(**dict(zip(self.ends, (actor_of(request), other), strict=True)))
        return Response(status=204)


class FollowView(TieView):
    tie, untie = staticmethod(services.follow_user), staticmethod(services.unfollow_user)
    ends, state = ("follower", "followed"), "following"

    @describe("follow_person", "Follow", answer=shapes.FollowState, refuses=[400, 403, 404])
    def put(self, request: Request, username: str) -> Response:
        return self.put_tie(request, username)

    @describe("unfollow_person", "Stop following", status=204, refuses=[404])
    def delete(self, request: Request, username: str) -> Response:
        return self.delete_tie(request, username)


class BlockView(TieView):
    tie, untie = staticmethod(services.block_user), staticmethod(services.unblock_user)
    ends, state = ("blocker", "blocked"), "blocked"

    @describe("block_person", "Block", answer=shapes.BlockState, refuses=[400, 404])
    def put(self, request: Request, username: str) -> Response:
        """Somebody already blocked is out of sight; the answer stays the same."""
        mine = Block.objects.filter(blocker=actor_of(request), blocked__username__iexact=username)
        return Response({"blocked": True}) if mine.exists() else self.put_tie(request, username)

    @describe("unblock_person", "Unblock", status=204, refuses=[404])
    def delete(self, request: Request, username: str) -> Response:
        return self.delete_tie(request, username)


class MuteView(TieView):
    tie, untie = staticmethod(services.mute_user), staticmethod(services.unmute_user)
    ends, state = ("muter", "muted"), "muted"

    @describe("mute_person", "Mute", answer=shapes.MuteState, refuses=[400, 404])
    def put(self, request: Request, username: str) -> Response:
        return self.put_tie(request, username)

    @describe("unmute_person", "Unmute", status=204, refuses=[404])
    def delete(self, request: Request, username: str) -> Response:
        return self.delete_tie(request, username)
