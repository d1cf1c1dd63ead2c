"""Shapes of what is sent and answered about albums and pinned notes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import StrictText, TrueOrFalse, Whole
from accounts.api.serializers import Author
from community.albums.models import ABOUT_LENGTH, TITLE_LENGTH, Album, AlbumMember
from community.albums.pins import MOST_PINS

from .serializers import MAX_ID

Shape = serializers.Serializer[Any]


class AlbumViewer(Shape):
    role = serializers.CharField(
        help_text="Your part in it: owner or contributor; empty without one."
    )
    follows = serializers.BooleanField()


class AlbumSerializer(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The album's page.")
    title = serializers.CharField()
    about = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Album.Visibility.values)
    order = serializers.ChoiceField(choices=Album.Order.values)
    owner = Author()
    cover = serializers.IntegerField(allow_null=True, help_text="A note, if you may see it.")
    notes = serializers.IntegerField(help_text="How many of its notes you may see.")
    viewer = AlbumViewer()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class AlbumMemberSerializer(Shape):
    person = Author()
    role = serializers.CharField(help_text="owner or contributor")
    state = serializers.ChoiceField(
        choices=AlbumMember.State.values, help_text="Others than the owner see who accepted."
    )


class AlbumMemberList(Shape):
    results = AlbumMemberSerializer(many=True)


class AlbumFollowState(Shape):
    follows = serializers.BooleanField()


class AlbumEntryState(Shape):
    added = serializers.BooleanField(help_text="False where it was in the album already.")


class AlbumFields(Shape):
    title = StrictText(max_length=TITLE_LENGTH, required=False)
    about = StrictText(max_length=ABOUT_LENGTH, required=False, allow_blank=True)
    visibility = serializers.ChoiceField(choices=Album.Visibility.values, required=False)
    order = serializers.ChoiceField(choices=Album.Order.values, required=False)


class NewAlbumBody(AlbumFields):
    title = StrictText(max_length=TITLE_LENGTH)


class AlbumChangeBody(AlbumFields):
    """Fields left out stay as they are."""

    cover = Whole(
        min_value=1, max_value=MAX_ID, required=False, allow_null=True,
        help_text="One of its notes; null for the newest.",
    )  # fmt: skip


class AlbumMoveBody(Shape):
    before = Whole(
        min_value=1, max_value=MAX_ID, allow_null=True,
        help_text="The note of the album that it shall stand before; null: last.",
    )  # fmt: skip


class AlbumInviteBody(Shape):
    username = StrictText(max_length=60)


class AlbumAnswerBody(Shape):
    accept = TrueOrFalse()


class PinsBody(Shape):
    notes = serializers.ListField(
        child=Whole(min_value=1, max_value=MAX_ID), max_length=MOST_PINS,
        help_text="Published notes of your own, in the order of your profile.",
    )  # fmt: skip
