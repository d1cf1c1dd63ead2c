"""Shapes of what a person is told, and of how they want to be told."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.reading import ClockTime, StrictText, Whole
from accounts.api.serializers import Author, Shape
from community.notifications.models import Notification, Preferences
from community.notifications.models.push import LONGEST_ENDPOINT
from community.notifications.topics import Way

from .serializers import MAX_ID, NoticeNote


class NoticeGroup(Shape):
    id = serializers.IntegerField(help_text="Of the oldest notice in it: it stays the same.")
    kind = serializers.ChoiceField(choices=Notification.Kind.choices)
    text = serializers.CharField(help_text='A sentence: "Bob and 12 others liked your note".')
    actors = serializers.ListField(child=Author(), help_text="The newest few of the people.")
    people = serializers.IntegerField()
    notices = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="How many of its notices are unread.")
    note = NoticeNote(allow_null=True)
    comment = serializers.IntegerField(allow_null=True, help_text="The newest one.")
    album = NoticeNote(allow_null=True)
    words = serializers.CharField(help_text="The newest comment, or words to the person.")
    path = serializers.CharField(help_text="The page of this site that it leads to.")
    created_at = serializers.DateTimeField(help_text="Of the newest notice in it.")


class ReadNoticesBody(Shape):
    up_to = Whole(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        help_text="The newest notice that was read; all of them when left out.",
    )
    group = Whole(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        help_text="Any notice of the group that was read; all groups when left out.",
    )


class QuietHours(Shape):
    start = ClockTime(help_text="By the person's own clock.")
    end = ClockTime(help_text="Earlier than `start`: over midnight.")


class NoticeSettings(Shape):
    ways = serializers.DictField(
        child=serializers.ListField(child=serializers.ChoiceField(choices=Way.choices)),
        help_text="By topic, how you are told of it.",
    )
    from_whom = serializers.ChoiceField(
        choices=Preferences.Whom.choices, help_text="Whose likes, comments and mentions are told."
    )
    quiet_hours = QuietHours(allow_null=True, help_text="No push is sent then.")
    digest = serializers.ChoiceField(choices=Preferences.Digest.choices)


class NoticeSettingsBody(Shape):
    ways = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ChoiceField(choices=Way.choices), max_length=len(Way)
        ),
        required=False,
        help_text="Topics that are left out stay as they are.",
    )
    from_whom = serializers.ChoiceField(choices=Preferences.Whom.choices, required=False)
    quiet_hours = QuietHours(required=False, allow_null=True)
    digest = serializers.ChoiceField(choices=Preferences.Digest.choices, required=False)


class PushKeys(Shape):
    p256dh = StrictText(max_length=100)
    auth = StrictText(max_length=40)


class PushBody(Shape):
    """A PushSubscription of the Push API, as JSON."""

    endpoint = StrictText(max_length=LONGEST_ENDPOINT)
    keys = PushKeys()


class PushBrowser(Shape):
    id = serializers.IntegerField()
    device = serializers.CharField()
    created_at = serializers.DateTimeField()
    failing_since = serializers.DateTimeField(allow_null=True)


class PushBrowsers(Shape):
    key = serializers.CharField(help_text="The applicationServerKey to subscribe with.")
    browsers = serializers.ListField(child=PushBrowser())
