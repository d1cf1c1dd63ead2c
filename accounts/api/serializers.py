"""Shapes of what is sent and answered about people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.models import Profile
from accounts.scopes import Scope

from .reading import Number, PlainLine, StrictText, TrueOrFalse

Shape = serializers.Serializer[Any]


class Author(Shape):
    username = serializers.CharField()
    name = serializers.CharField()
    avatar = serializers.URLField(allow_null=True)


class ViewerTie(Shape):
    """How the person who asks is tied to this one; all false for a visitor."""

    is_me = serializers.BooleanField()
    follows = serializers.BooleanField()
    followed_by = serializers.BooleanField()
    mutes = serializers.BooleanField()


class Person(Author):
    bio = serializers.CharField()
    city = serializers.CharField()
    followers = serializers.IntegerField()
    following = serializers.IntegerField()
    joined_on = serializers.DateField()
    viewer = ViewerTie()


class Me(Person):
    """One's own profile, with what only oneself may read."""

    email = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    theme = serializers.CharField()
    personalised = serializers.BooleanField()
    likes_shown = serializers.BooleanField(help_text="Followers may read what this person likes.")
    latitude = serializers.FloatField(allow_null=True, help_text="Blurred to about 1 km.")
    longitude = serializers.FloatField(allow_null=True)


class MeBody(Shape):
    """What may be changed; fields left out stay as they are."""

    display_name = PlainLine(max_length=40, required=False, allow_blank=True)
    bio = StrictText(max_length=300, required=False, allow_blank=True)
    city = PlainLine(max_length=80, required=False, allow_blank=True)
    latitude = Number(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = Number(min_value=-180, max_value=180, required=False, allow_null=True)
    language = serializers.ChoiceField(choices=["", *dict(settings.LANGUAGES)], required=False)
    time_zone = PlainLine(max_length=60, required=False, allow_blank=True)
    theme = serializers.ChoiceField(choices=Profile.Theme.values, required=False)
    personalised = TrueOrFalse(required=False)
    likes_shown = TrueOrFalse(required=False)


class FileBody(Shape):
    file = serializers.FileField()


class TokenBody(Shape):
    login = StrictText(max_length=254, help_text="Name or email address.")
    password = StrictText(max_length=1_000, trim_whitespace=False)
    name = PlainLine(max_length=40, default="", allow_blank=True, help_text="What it is for.")
    code = PlainLine(
        max_length=20, default="", allow_blank=True,
        help_text="Of the app or a recovery code, where the account has a second step.",
    )  # fmt: skip
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.values),
        default=list,
        max_length=len(Scope),
        help_text="What it may do; when empty: read, write and events.",
    )


class TokenInfo(Shape):
    prefix = serializers.CharField(help_text="First characters, by which the token is deleted.")
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.values))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(
        allow_null=True, help_text="To some minutes; null when it was not used yet."
    )


class NewToken(TokenInfo):
    token = serializers.CharField(
        help_text="Send it as `Authorization: Token ...`. Told only once."
    )


class TokenList(Shape):
    results = TokenInfo(many=True)


class FollowState(Shape):
    following = serializers.BooleanField()


class BlockState(Shape):
    blocked = serializers.BooleanField()


class MuteState(Shape):
    muted = serializers.BooleanField()
