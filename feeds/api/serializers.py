"""Shapes of what is sent and answered about feeds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import (
    CURSOR_LENGTH,
    Number,
    PlainLine,
    StrictText,
    TrueOrFalse,
    Whole,
)
from accounts.api.serializers import Person
from community.api.serializers import MAX_ID, NoteSerializer, PlaceSerializer
from community.api.views.brand_shapes import BrandInProduct, ProductSerializer
from community.models.note import BODY_LENGTH, MAX_TAGS, TITLE_LENGTH
from community.search.query import LONGEST_QUERY
from community.services.tagging import TAG_LENGTH
from feeds.choices import ACTS
from feeds.choices import KINDS as INTERESTS
from feeds.impressions import MOST_IN_BATCH, REPORTABLE
from feeds.languages import LANGUAGES
from feeds.searches.filters import KINDS, ORDERS, TIMES

Shape = serializers.Serializer[Any]
SEARCH_TYPES = ("notes", "people", "tags", "places", "products")


# ---------------------------------------------------------------- answers
class ReasonSerializer(Shape):
    code = serializers.CharField(help_text="What brought the card, as a word for programs.")
    text = serializers.CharField(help_text="The same as a sentence for people.")


class SignalSerializer(Shape):
    code = serializers.CharField()
    text = serializers.CharField()
    share = serializers.FloatField(help_text="Of all that spoke for the card, 0 to 1.")


class Card(Shape):
    note = NoteSerializer()
    reason = ReasonSerializer()
    signals = SignalSerializer(
        many=True, help_text="What moved it to its place, strongest first; empty where time did."
    )
    source = serializers.CharField()  # type: ignore[assignment]
    position = serializers.IntegerField(help_text="Counted from the start of this reading.")
    paid = serializers.BooleanField()
    distance_km = serializers.FloatField(allow_null=True)


class CardPage(Shape):
    feed = serializers.CharField()
    results = Card(many=True)
    next = serializers.URLField(allow_null=True, help_text="Continues this very reading.")
    impression_token = serializers.CharField(
        help_text="Proof that this page was served to you; send it back with what was seen."
    )
    caught_up = serializers.BooleanField(help_text="There is nothing behind this page.")
    seen_before = serializers.BooleanField(
        help_text="You are caught up: from this page on comes what you saw before."
    )


class FoundTag(Shape):
    key = serializers.CharField()
    name = serializers.CharField()


class SearchResults(Shape):
    """What the type asked for names; the other lists are empty, but for what a query names."""

    type = serializers.ChoiceField(choices=SEARCH_TYPES)
    notes = Card(many=True)
    people = Person(many=True)
    tags = FoundTag(many=True)
    places = PlaceSerializer(many=True)
    brands = BrandInProduct(
        many=True, help_text="Named in the query; with the first page of notes."
    )
    products = ProductSerializer(
        many=True, help_text="By that type, or named in the query, with the first page of notes."
    )
    next = serializers.URLField(allow_null=True)
    impression_token = serializers.CharField(help_text="Empty for all but notes.")
    relaxed = serializers.BooleanField(
        help_text="No note has all of the words; these have some of them."
    )
    personal = serializers.BooleanField(help_text="Your taste took part in the order.")
    did_you_mean = serializers.CharField(
        allow_null=True, help_text="Other words, where few were found and these lead to notes."
    )


class SearchSuggestion(Shape):
    kind = serializers.ChoiceField(
        choices=("history", "search", "tag", "place", "brand", "product", "person")
    )
    text = serializers.CharField()
    detail = serializers.CharField(
        help_text="The city of a place, the brand of a product, the username of a person."
    )
    url = serializers.CharField(help_text="The page it leads to, without the host.")


class SuggestionList(Shape):
    results = SearchSuggestion(many=True)


class SearchHistory(Shape):
    results = serializers.ListField(child=serializers.CharField(), help_text="Newest first.")


class EventCounts(Shape):
    seen = serializers.IntegerField(help_text="Notes seen for the first time.")
    delivered = serializers.IntegerField(help_text="Impressions that a traffic pool counted.")
    events = serializers.IntegerField()


class LessAnswer(Shape):
    less_of = serializers.CharField()


class PoolRung(Shape):
    name = serializers.CharField()
    promise = serializers.CharField()
    standing = serializers.CharField(help_text="done, here or ahead")


class PoolStep(Shape):
    at = serializers.DateTimeField()
    text = serializers.CharField()
    figures = serializers.DictField(child=serializers.JSONField())


class PoolMark(Shape):
    name = serializers.CharField()
    score = serializers.FloatField()
    reason = serializers.CharField()
    advice = serializers.CharField(help_text="Empty where nothing is to be mended.")
    gain = serializers.FloatField(help_text="What the total would gain if this were perfect.")


class RepeatedNote(Shape):
    """An earlier note that this one is very like."""

    what = serializers.ChoiceField(choices=["text", "pictures"])
    own = serializers.BooleanField(help_text="Whether you wrote both.")
    share = serializers.FloatField(help_text="Likeness of the texts, or share of the pictures.")
    sentence = serializers.CharField()
    note = serializers.IntegerField(
        allow_null=True, help_text="null, with an empty title and author, where you may not see it."
    )
    title = serializers.CharField()
    author = serializers.CharField(help_text="Username.")


class QualityReport(Shape):
    """A note or draft as if it were published now."""

    total = serializers.FloatField(help_text="0 to 1.")
    possible = serializers.FloatField(help_text="The total with everything mended.")
    bar = serializers.FloatField(help_text="From which notes of the channel are recommended.")
    channel = serializers.CharField()
    passes = serializers.BooleanField()
    stopped_by = serializers.CharField(
        help_text="The dimension that keeps it from being recommended: spam, originality or empty."
    )
    views = serializers.IntegerField(help_text="First readers that would be promised.")
    possible_views = serializers.IntegerField()
    pictures_waiting = serializers.IntegerField(help_text="Still being prepared, not judged yet.")
    marks = PoolMark(many=True)
    originals = RepeatedNote(many=True)


class CoverFigures(Shape):
    picture = serializers.IntegerField()
    src = serializers.CharField(help_text="Empty when the picture was removed.")
    alt = serializers.CharField()
    seen = serializers.IntegerField(help_text="People whose view the first pool counted.")
    opens = serializers.IntegerField(help_text="Those of them who opened the note.")
    open_rate = serializers.FloatField(help_text="Opens per view, 0 to 1.")
    engagement = serializers.FloatField()
    stays = serializers.BooleanField()


class CoverTestState(Shape):
    """Two covers of a note against each other in its first pool."""

    state = serializers.ChoiceField(choices=["running", "decided", "close", "stopped", "ended"])
    sentence = serializers.CharField()
    why = serializers.CharField(help_text="What ended it where it was not decided.")
    kept = serializers.CharField(help_text="first or second; empty while it runs.")
    first = CoverFigures()
    second = CoverFigures()
    difference = serializers.FloatField(
        allow_null=True, help_text="Open rate of the second less that of the first."
    )
    low = serializers.FloatField(allow_null=True, help_text="Its interval, held at every look.")
    high = serializers.FloatField(allow_null=True)
    sure = serializers.FloatField(help_text="How sure the interval is, 0 to 1.")
    least_impressions = serializers.IntegerField(help_text="Views of each before it is judged.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class CoverPictureChoice(Shape):
    picture = serializers.IntegerField()
    src = serializers.CharField()
    alt = serializers.CharField()


class CoverTestBody(Shape):
    picture = Whole(min_value=1, max_value=MAX_ID)


class CoverChoiceBody(Shape):
    keep = serializers.ChoiceField(choices=["first", "second"])


class PoolPressure(Shape):
    owed = serializers.IntegerField(
        help_text="Views still owed to this note and to those that came before it."
    )
    places = serializers.IntegerField(
        help_text="Places of discover that fall to new notes in the next 24 hours, by forecast."
    )
    until = serializers.DateTimeField(
        allow_null=True, help_text="When they will be given; null: not within two weeks."
    )


class PoolState(Shape):
    """Where a note stands on the ladder, and why."""

    state = serializers.CharField()
    stage = serializers.CharField()
    tier = serializers.IntegerField()
    ladder = PoolRung(many=True)
    promised = serializers.IntegerField()
    delivered = serializers.IntegerField()
    hours_left = serializers.FloatField()
    figures = serializers.DictField(child=serializers.FloatField())
    steps = PoolStep(many=True)
    quality = serializers.FloatField(allow_null=True)
    quality_bar = serializers.FloatField()
    stopped_by = serializers.CharField(help_text="spam, originality or empty.")
    marks = PoolMark(many=True)
    originals = RepeatedNote(many=True)
    discounted = serializers.IntegerField(
        help_text="Reactions that did not count in full; 0 for fewer than three."
    )
    older_notes = serializers.IntegerField(
        help_text="Your older notes in the first pool, which come before this one."
    )
    owed = serializers.BooleanField(
        help_text="Its time is over and what is missing is being made good."
    )
    pressure = PoolPressure(
        allow_null=True, help_text="Only where more is written than read and the promise is late."
    )
    verdict_in = serializers.IntegerField(
        allow_null=True, help_text="Minutes to the verdict, once the promise is kept."
    )
    if_nobody_looks = serializers.CharField(
        help_text="While it waits for a moderator's second look: rises or stays; else empty."
    )
    cover_test = CoverTestState(allow_null=True)
    cover_waits = serializers.CharField(
        help_text="What becomes of a second cover that is not under test; empty where none is."
    )
    cover_choices = CoverPictureChoice(
        many=True, help_text="Pictures that may be tested as a second cover now."
    )


class KnownInterestShape(Shape):
    kind = serializers.CharField(help_text="tag, channel or author")
    target = serializers.IntegerField()
    name = serializers.CharField()
    weight = serializers.FloatField(help_text="Of the heaviest of its kind, 0 to 1.")
    recent = serializers.BooleanField(help_text="Whether this sitting moved it.")
    why = serializers.CharField()
    pinned = serializers.BooleanField()


class WishShape(Shape):
    kind = serializers.CharField()
    target = serializers.IntegerField()
    name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    before = serializers.IntegerField(help_text="Of the last cards before the wish, so many.")
    of_before = serializers.IntegerField()
    since = serializers.IntegerField()
    of_since = serializers.IntegerField()


class DialsShape(Shape):
    new = Whole(min_value=-2, max_value=2, required=False, help_text="Proven to new.")
    unknown = Whole(min_value=-2, max_value=2, required=False, help_text="Followed to unknown.")
    far = Whole(min_value=-2, max_value=2, required=False, help_text="Near to far.")
    varied = Whole(min_value=-2, max_value=2, required=False, help_text="Same to varied.")
    by_time = TrueOrFalse(required=False, help_text="No personalisation, newest first.")
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=list(LANGUAGES)),
        required=False,
        max_length=len(LANGUAGES),
        help_text="Notes in others are not recommended; none: in all.",
    )


class MyFeed(Shape):
    personalised = serializers.BooleanField()
    dials = DialsShape()
    interests = KnownInterestShape(many=True)
    removed = KnownInterestShape(many=True)
    less_of = WishShape(many=True)


# ---------------------------------------------------------------- what is sent
class CursorQuery(Shape):
    cursor = serializers.CharField(max_length=CURSOR_LENGTH, required=False)


class HotQuery(CursorQuery):
    channel = serializers.SlugField(max_length=60, required=False)


class NearbyQuery(CursorQuery):
    """lat and lon, or city, or neither: then around your own city."""

    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    city = serializers.CharField(max_length=80, required=False)
    order = serializers.ChoiceField(choices=["bands", "distance"], default="bands")


class SearchQuery(CursorQuery):
    q = serializers.CharField(max_length=LONGEST_QUERY)
    type = serializers.ChoiceField(choices=SEARCH_TYPES, default="notes")
    channel = serializers.SlugField(max_length=60, required=False)
    time = serializers.ChoiceField(choices=list(TIMES), required=False, help_text="The last …")
    has = serializers.ChoiceField(choices=KINDS, required=False)
    language = serializers.ChoiceField(
        choices=list(LANGUAGES), required=False, help_text="Guessed from title and text."
    )
    order = serializers.ChoiceField(choices=ORDERS, default="best")
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    city = serializers.CharField(max_length=80, required=False)
    km = serializers.FloatField(
        min_value=0.1, max_value=500, default=10, help_text="Around lat and lon, or the city."
    )
    personal = serializers.BooleanField(
        default=True, help_text="false: the same order for everybody who may see the same notes."
    )


class SuggestQuery(Shape):
    q = serializers.CharField(max_length=LONGEST_QUERY, default="", allow_blank=True)


class ForgetQuery(Shape):
    # An empty one is refused: who forgot to fill it in must not lose all.
    q = serializers.CharField(max_length=LONGEST_QUERY, required=False, help_text="None: all.")


class SeenBody(Shape):
    note = Whole(min_value=1, max_value=MAX_ID)
    position = Whole(min_value=0, max_value=100_000, required=False)


class EventBody(Shape):
    note = Whole(min_value=1, max_value=MAX_ID)
    kind = serializers.ChoiceField(choices=list(REPORTABLE))
    value = Number(min_value=0, max_value=86_400, required=False, help_text="Seconds.")
    at = StrictText(max_length=40, required=False, help_text="RFC 3339.")


class BatchBody(Shape):
    batch = PlainLine(
        max_length=64,
        required=False,
        help_text="The batch's key, where no Idempotency-Key is sent.",
    )
    token = StrictText(
        max_length=20_000,
        required=False,
        allow_blank=True,
        help_text="The page's impression_token.",
    )
    seen = serializers.ListField(child=SeenBody(), required=False, max_length=MOST_IN_BATCH)
    events = serializers.ListField(child=EventBody(), required=False, max_length=MOST_IN_BATCH)


class InterestBody(Shape):
    kind = serializers.ChoiceField(choices=list(INTERESTS))
    target = Whole(min_value=1, max_value=MAX_ID)
    act = serializers.ChoiceField(choices=list(ACTS))


class QualityBody(Shape):
    """Fields left out are as they are saved."""

    title = StrictText(max_length=TITLE_LENGTH, required=False, allow_blank=True)
    body = StrictText(max_length=BODY_LENGTH, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=StrictText(max_length=TAG_LENGTH), max_length=MAX_TAGS, required=False
    )
    channel = serializers.SlugField(max_length=60, required=False)
    has_place = TrueOrFalse(required=False)


class LessBody(Shape):
    """Exactly one of them."""

    tag = StrictText(max_length=100, required=False)
    channel = serializers.SlugField(max_length=60, required=False)
    author = StrictText(max_length=30, required=False)
    note = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    place = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
