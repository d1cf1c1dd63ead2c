"""Shapes of what is sent and answered about notes, comments, channels and notices."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import (
    Moment,
    Number,
    PageQuery,
    PlainLine,
    StrictText,
    TrueOrFalse,
    Whole,
)
from accounts.api.serializers import Author
from community.brands.rules import MOST_LINKED
from community.models import Note, NoteImage, NoteVideo
from community.models.comment import COMMENT_LENGTH
from community.models.licence import Licence
from community.models.note import BODY_LENGTH, MAX_PICTURES, MAX_TAGS, TITLE_LENGTH
from community.moderation.models import Report
from community.moderation.reports import WORDS_LENGTH
from community.notifications.models import Notification
from community.services.pictures import ALT_LENGTH
from community.services.places import PLACE_NAME_LENGTH
from community.services.tagging import TAG_LENGTH

Shape = serializers.Serializer[Any]
MAX_ID = 10**18 - 1


# ---------------------------------------------------------------- answers
class ChannelName(Shape):
    slug = serializers.CharField()
    name = serializers.CharField(help_text="In the language that was asked for.")


class SubChannel(ChannelName):
    name_en = serializers.CharField()
    name_zh = serializers.CharField()


class ChannelTree(SubChannel):
    children = SubChannel(many=True)


class ChannelList(Shape):
    results = ChannelTree(many=True)


class PlaceSerializer(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    city = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class PlaceList(Shape):
    results = PlaceSerializer(many=True)


class Rendition(Shape):
    url = serializers.URLField()
    format = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class Picture(Shape):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    alt = serializers.CharField()
    state = serializers.ChoiceField(choices=NoteImage.State.values)
    refusal = serializers.CharField(help_text="Why it was refused; empty otherwise.")
    is_text_card = serializers.BooleanField()
    second_cover = serializers.ChoiceField(
        choices=NoteImage.SecondCover.values,
        help_text="chosen or shown (under test); empty otherwise, and always to others than its"
        " author.",
    )
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    placeholder = serializers.CharField(help_text="A data: address of a few pixels.")
    renditions = Rendition(many=True)


class PictureList(Shape):
    results = Picture(many=True)


class VideoRendition(Shape):
    url = serializers.URLField(help_text="An MP4 (H.264 and AAC) that answers range requests.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bytes = serializers.IntegerField()


class Video(Shape):
    state = serializers.ChoiceField(choices=NoteVideo.State.values)
    progress = serializers.IntegerField(help_text="Per cent of the preparation.")
    refusal = serializers.CharField(help_text="Code of why it was refused; empty otherwise.")
    reason = serializers.CharField(help_text="The same as a sentence for its author.")
    width = serializers.IntegerField(help_text="Of the largest rendition, upright.")
    height = serializers.IntegerField()
    seconds = serializers.FloatField()
    has_sound = serializers.BooleanField()
    renditions = VideoRendition(many=True, help_text="Smallest first; empty until it is ready.")
    created_at = serializers.DateTimeField()


class Counts(Shape):
    likes = serializers.IntegerField()
    collects = serializers.IntegerField()
    comments = serializers.IntegerField()
    shares = serializers.IntegerField()


class NoteViewer(Shape):
    is_author = serializers.BooleanField()
    liked = serializers.BooleanField()
    collected = serializers.BooleanField()


class Plan(Shape):
    publish_at = serializers.DateTimeField()
    refused_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was due and could not be published."
    )
    why = serializers.CharField(help_text="Why not; empty while it waits.")


class LinkedProduct(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The product's page.")
    name = serializers.CharField()
    brand = serializers.CharField(help_text="The brand's name.")
    brand_slug = serializers.CharField()
    price = serializers.IntegerField(allow_null=True, help_text="Whole minor units.")
    currency = serializers.CharField(help_text="ISO 4217; empty where there is no price.")
    offered = serializers.BooleanField(help_text="False: no longer.")


class NoteSerializer(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The note's page.")
    title = serializers.CharField()
    body = serializers.CharField()
    state = serializers.ChoiceField(choices=Note.State.values)
    visibility = serializers.ChoiceField(choices=Note.Visibility.values)
    language = serializers.CharField()
    licence = serializers.ChoiceField(choices=Licence.values)
    ai_made = serializers.BooleanField(help_text="Its author says that a machine made it.")
    revision = serializers.IntegerField(help_text="Counts up with every change.")
    hidden = serializers.BooleanField(help_text="Hidden by staff; only its author still sees it.")
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=Note.Label.values,
        help_text="What staff tells readers beforehand; show it with the note. Empty otherwise.",
    )
    limited = serializers.BooleanField(
        help_text="Staff limited its reach to followers and searchers; told to its author alone."
    )
    author = Author()
    channel = ChannelName()
    place = PlaceSerializer(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    disclosure = serializers.ChoiceField(
        choices=Note.Disclosure.values,
        help_text="paid: a paid partnership; say so wherever you show the note. Empty otherwise.",
    )
    products = LinkedProduct(many=True)
    pictures = Picture(many=True)
    video = Video(
        allow_null=True,
        help_text="Its poster is the note's one picture. To others than its author once ready.",
    )
    counts = Counts()
    viewer = NoteViewer()
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    schedule = Plan(allow_null=True, help_text="Of a draft that shall publish itself.")
    edited_at = serializers.DateTimeField(allow_null=True)


class Revision(Shape):
    number = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    replaced_at = serializers.DateTimeField()


class CommentSerializer(Shape):
    id = serializers.IntegerField()
    author = Author()
    body = serializers.CharField()
    thread = serializers.IntegerField(
        allow_null=True, help_text="First-level comment it stands under."
    )
    reply_to = serializers.IntegerField(allow_null=True)
    likes = serializers.IntegerField()
    liked = serializers.BooleanField()
    is_mine = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class LikeState(Shape):
    liked = serializers.BooleanField()
    likes = serializers.IntegerField()


class CollectState(Shape):
    collected = serializers.BooleanField()
    collects = serializers.IntegerField()


class ShareLink(Shape):
    url = serializers.URLField(help_text="Remembers who shared.")
    token = serializers.CharField()
    visits = serializers.IntegerField()
    shares = serializers.IntegerField()


class ForwardBody(Shape):
    to = serializers.ListField(
        child=StrictText(max_length=60), min_length=1, max_length=20,
        help_text="Names of followers of yours.",
    )  # fmt: skip
    words = StrictText(max_length=500, default="", allow_blank=True)


class Forwarded(Shape):
    forwarded = serializers.IntegerField(help_text="How many of them were named.")


class Hand(Shape):
    depth = serializers.IntegerField(help_text="Through how many hands the links had gone.")
    links = serializers.IntegerField()
    visits = serializers.IntegerField()
    signups = serializers.IntegerField()


class SpreadReport(Shape):
    links = serializers.IntegerField()
    visits = serializers.IntegerField()
    signups = serializers.IntegerField(help_text="Accounts opened by people who came by a link.")
    longest = serializers.IntegerField(help_text="Hands of the longest chain.")
    hands = Hand(many=True)


class ReportAnswer(Shape):
    reported = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=Report.Reason.values)


class SuggestedTag(Shape):
    name = serializers.CharField()
    score = serializers.FloatField(help_text="Relative to the best, which has 1.")
    kind = serializers.CharField(
        help_text="brand, product, place, activity, topic; empty for other words."
    )
    why = serializers.CharField(
        help_text="dictionary, known, title, repeated, body, together: what suggests it."
    )
    reason = serializers.CharField(help_text="The same as a sentence.")


class SuggestedTags(Shape):
    results = SuggestedTag(many=True)


class SuggestedChannel(Shape):
    channel = SubChannel(allow_null=True)
    chance = serializers.FloatField(allow_null=True, help_text="How sure it is, from 0 to 1.")


class RelatedTag(Shape):
    key = serializers.CharField()
    name = serializers.CharField()


class RelatedTags(Shape):
    results = RelatedTag(many=True)


class Interests(Shape):
    channels = serializers.ListField(child=serializers.CharField())


class NoticeNote(Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()


class Notice(Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Notification.Kind.choices)
    text = serializers.CharField()
    actor = Author(allow_null=True)
    note = NoticeNote(allow_null=True)
    comment = serializers.IntegerField(allow_null=True)
    album = NoticeNote(allow_null=True)
    words = serializers.CharField(help_text="Words to the person, e.g. a moderator's reason.")
    path = serializers.CharField(help_text="The page of this site that it leads to, or nothing.")
    created_at = serializers.DateTimeField()
    read = serializers.BooleanField()


class UnreadCount(Shape):
    unread = serializers.IntegerField()


# ---------------------------------------------------------------- what is sent
class PlaceBody(Shape):
    name = PlainLine(max_length=PLACE_NAME_LENGTH)
    latitude = Number(min_value=-90, max_value=90)
    longitude = Number(min_value=-180, max_value=180)
    city = PlainLine(max_length=PLACE_NAME_LENGTH, default="", allow_blank=True)


class NoteFields(Shape):
    title = StrictText(max_length=TITLE_LENGTH, required=False, allow_blank=True)
    body = StrictText(max_length=BODY_LENGTH, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=StrictText(max_length=TAG_LENGTH), max_length=MAX_TAGS, required=False
    )
    channel = serializers.SlugField(max_length=60, required=False)
    place = PlaceBody(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Note.Visibility.values, required=False)
    licence = serializers.ChoiceField(choices=Licence.values, required=False)
    ai_made = TrueOrFalse(required=False, help_text="Say so where a machine made most of it.")
    disclosure = serializers.ChoiceField(choices=Note.Disclosure.values, required=False)
    products = serializers.ListField(
        child=Whole(min_value=1, max_value=MAX_ID),
        max_length=MOST_LINKED,
        required=False,
        help_text="Ids of products that the note links, in order.",
    )


class NewNoteBody(NoteFields):
    publish = TrueOrFalse(default=False, help_text="Publish at once, without pictures.")


class NoteChangeBody(NoteFields):
    """Fields left out stay as they are."""

    revision = Whole(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="The revision that was read: 409 if the note changed since.",
    )


class ScheduleBody(Shape):
    publish_at = Moment(help_text="With its time zone, some minutes to a year ahead.")


class NoteListQuery(PageQuery):
    channel = serializers.SlugField(max_length=60, required=False)
    tag = serializers.CharField(max_length=100, required=False)
    author = serializers.CharField(max_length=30, required=False)


class AltBody(Shape):
    alt = serializers.CharField(max_length=ALT_LENGTH, default="", allow_blank=True)


class PictureBody(AltBody):
    file = serializers.FileField()


class VideoBody(AltBody):
    file = serializers.FileField()


class PictureChangeBody(Shape):
    alt = StrictText(max_length=ALT_LENGTH, required=False, allow_blank=True)
    position = Whole(min_value=0, max_value=MAX_PICTURES - 1, required=False)
    second_cover = TrueOrFalse(
        required=False, help_text="Of a draft: whether the first pool shall test it as a cover."
    )


class CommentBody(Shape):
    body = StrictText(max_length=COMMENT_LENGTH)
    reply_to = Whole(min_value=1, max_value=MAX_ID, required=False, allow_null=True, default=None)


class CommentListQuery(PageQuery):
    thread = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, required=False, help_text="Only replies under this comment."
    )


class ReportBody(Shape):
    reason = serializers.ChoiceField(choices=Report.Reason.values)
    words = StrictText(max_length=WORDS_LENGTH, default="", allow_blank=True)


class InterestsBody(Shape):
    channels = serializers.ListField(child=serializers.SlugField(max_length=60), max_length=200)


class WordsQuery(Shape):
    title = serializers.CharField(max_length=TITLE_LENGTH, default="", allow_blank=True)
    body = serializers.CharField(max_length=BODY_LENGTH, default="", allow_blank=True)


class SuggestQuery(WordsQuery):
    chosen = serializers.CharField(
        max_length=900, default="", allow_blank=True, help_text="Tags chosen already, by commas."
    )


class PlaceQuery(Shape):
    q = serializers.CharField(max_length=PLACE_NAME_LENGTH)
