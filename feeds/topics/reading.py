"""Topics and hot searches as readers meet them: only what the viewer may see stands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from community.models import Note, TaggedNote
from feeds.listing import newest_page
from feeds.lists import newest_list
from feeds.pages import FeedPage, Placed
from feeds.remembered import Remembered
from feeds.searches.suggesting import notes_found, shown_among

from .finding import DAY, LEAST_PEOPLE, people_by_tag, searched
from .models import Topic

SHOWN, RELATED, PAGE = 10, 6, 20
COMPARED_WITH = timedelta(hours=1)
_heats: Remembered[dict[str, list[tuple[str, int]]]] = Remembered(most=1, seconds=60)
# What the index finds for them; who may see it is asked each time.
_found: Remembered[dict[str, set[int]]] = Remembered(most=4, seconds=60)


@dataclass(frozen=True, slots=True)
class HotSearch:
    """A line of the hot-search list. `moved`: places risen in an hour, None for new."""

    text: str
    url: str
    people: int
    moved: int | None
    topic: bool

    @property
    def fallen(self) -> int:
        return max(0, -(self.moved or 0))


def topics_shown_to(viewer: User | None) -> QuerySet[Topic]:
    """Open topics with a note that the viewer may be shown, hottest first."""
    links = Topic.tags.through.objects.filter(topic=OuterRef("pk"))
    notes = TaggedNote.objects.filter(
        tag=OuterRef("tag_id"), content_object__in=Note.objects.listed_for(viewer)
    )
    open_ones = Topic.objects.filter(state=Topic.State.OPEN)
    return open_ones.filter(Exists(links.filter(Exists(notes)))).order_by("-heat", "-pk")


def topic_page(
    topic: Topic, *, viewer: User | None, order: str = "hot", cursor: str | None = None
) -> FeedPage:
    """Notes of a topic, newest first; where order is "hot", those on the site's hot list before
    all others and in its order. Raises Invalid for a cursor of another list."""
    notes = Note.objects.filter(
        Exists(TaggedNote.objects.filter(content_object=OuterRef("pk"), tag__in=topic.tags.all()))
    )
    hot = _hot_among(notes.listed_for(viewer)) if order == "hot" else []
    return newest_page(
        "tag", "tagged", notes.exclude(pk__in=hot), viewer, cursor,
        first=[] if cursor else [Placed(pk, "tagged") for pk in hot],
    )  # fmt: skip


def _hot_among(notes: QuerySet[Note]) -> list[int]:
    """Of these the hottest of the site, as many as a page has, hottest first."""
    snapshot = newest_list("hot", "site")
    hottest = [item.note_id for item in snapshot.items] if snapshot else []
    known = set(notes.filter(pk__in=hottest).values_list("pk", flat=True))
    return [pk for pk in hottest if pk in known][:PAGE]


def related_topics(topic: Topic, *, viewer: User | None) -> list[Topic]:
    """Other topics that share a tag, or a note, with this one."""
    notes = Note.objects.listed_for(viewer).filter(tagged__tag__in=topic.tags.all())
    tags = TaggedNote.objects.filter(content_object__in=notes).values("tag")
    others = topics_shown_to(viewer).exclude(pk=topic.pk)
    return list(others.filter(tags__in=tags).distinct()[:RELATED])


def hot_searches(viewer: User | None, *, now: datetime | None = None) -> list[HotSearch]:
    """Open topics and what several people search for, by distinct people of the last day."""
    now = now or timezone.now()
    ranked = _heats.get("all") or _heats.put(
        "all", {"now": _ranked(now), "before": _ranked(now - COMPARED_WITH)}
    )
    before = {source: place for place, (source, _n) in enumerate(ranked["before"])}
    topics = {topic.slug: topic for topic in topics_shown_to(viewer)[:100]}
    # What several followers look for may stand in a note for followers only.
    searches = [s.split(":", 1)[1] for s, _n in ranked["now"] if s.startswith("search:")]
    asked = tuple(searches[: 2 * SHOWN])
    led = shown_among(_found.get(asked) or _found.put(asked, notes_found(asked)), viewer)
    lines = []
    for place, (source, people) in enumerate(ranked["now"]):
        kind, key = source.split(":", 1)
        if key not in (topics if kind == "topic" else led):
            continue
        moved = before[source] - place if source in before else None
        if kind == "topic":
            topic = topics[key]
            lines.append(HotSearch(topic.name, topic.get_absolute_url(), people, moved, True))
        else:
            url = f"{reverse('search')}?q={quote(key)}"
            lines.append(HotSearch(key, url, people, moved, False))
    return lines[:SHOWN]


def _ranked(now: datetime) -> list[tuple[str, int]]:
    """("topic:slug" or "search:text", people), most people first; about nobody in particular.

    A search is left out when too few stand behind it, when a topic covers it, or when its topic
    was refused.
    """
    searches = searched(now - DAY, now)
    by_tag = people_by_tag(now - DAY, now)[0]
    covered: set[str] = set()
    rows: list[tuple[str, int]] = []
    for topic in Topic.objects.exclude(state=Topic.State.PROPOSED).prefetch_related("tags"):
        keys = {*topic.queries, *(tag.key for tag in topic.tags.all())}
        if topic.state == Topic.State.OPEN:
            tags = max((by_tag[tag.pk] for tag in topic.tags.all()), default=0)
            asked = max((searches[key][1] for key in keys if key in searches), default=0)
            rows.append((f"topic:{topic.slug}", max(tags, asked)))
            covered |= keys
        elif topic.state == Topic.State.REFUSED:
            covered |= {*topic.queries, topic.source.split(":", 1)[1]}
    rows += [
        (f"search:{text}", people)
        for key, (text, people) in searches.items()
        if people >= LEAST_PEOPLE and key not in covered
    ]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
