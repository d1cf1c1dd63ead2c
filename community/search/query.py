"""Ask the index, and the tables of people, tags and places. What is shown passes the gate last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from community.lexicon.models import TagAlias, Term
from community.models import Channel, Note, Place, Tag
from community.text.hashtags import tag_key
from community.text.segment import query_words

from .asked import Asked, asked_for
from .engines import Within, engine

LONGEST_QUERY = 200
LONGEST_NAME = 60
ALIASES_FOR_SECONDS = 300
# Notes asked about at the gate at once.
AT_ONCE = 200


def ask(query: str, known: Mapping[str, Sequence[str]] | None = None) -> Asked:
    """The query as words of the index, with their aliases; `known` for who asks many times."""
    return asked_for(query[:LONGEST_QUERY], aliases() if known is None else known)


def matches(
    asked: Asked, *, most: int, newest: bool = False, within: QuerySet[Note] | None = None
) -> list[tuple[int, float]]:
    """(note, relevance) of the most relevant or the newest notes that hold the words, `within`
    these notes; before the gate."""
    if not asked.words:
        return []
    inside: Within | None = None
    if within is not None:
        inside = within.order_by().values("pk").query.sql_with_params()
    return engine().matches(asked, most=most, newest=newest, within=inside)


def first_shown(note_ids: Sequence[int], viewer: User | None, *, count: int) -> list[int]:
    """The first `count` notes that this viewer may be shown in a list, order kept."""
    kept: list[int] = []
    for start in range(0, len(note_ids), AT_ONCE):
        chunk = note_ids[start : start + AT_ONCE]
        listed = Note.objects.listed_for(viewer).filter(pk__in=chunk)
        shown = set(listed.values_list("pk", flat=True))
        kept += [pk for pk in chunk if pk in shown]
        if len(kept) >= count:
            break
    return kept[:count]


def aliases() -> dict[str, list[str]]:
    """Other names of the same thing, by `query_words` joined; at most some minutes old.

    Channels are named in two languages; operators teach other names of tags and words
    (community/lexicon).
    """
    known: dict[str, list[str]] | None = cache.get("search_aliases")
    if known is None:
        known = other_names(_named_together())
        cache.set("search_aliases", known, ALIASES_FOR_SECONDS)
    return known


def _named_together() -> list[list[str]]:
    groups = [list(pair) for pair in Channel.objects.open().values_list("name_en", "name_zh")]
    groups += [term.names() for term in Term.objects.filter(is_active=True).exclude(aliases="")]
    tags: dict[str, list[str]] = defaultdict(list)
    for name, tag in TagAlias.objects.filter(tag__ban=None).values_list("name", "tag__name"):
        tags[tag].append(name)
    return groups + [[tag, *names] for tag, names in tags.items()]


def other_names(groups: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Each name's other names, from groups of names of the same thing."""
    known: dict[str, list[str]] = {}
    for names in groups:
        keys = {name: "".join(query_words(name)) for name in names if name}
        for name, key in keys.items():
            others = [other for other in names if other and keys[other] != keys[name]]
            if key and others:
                known[key] = list(dict.fromkeys(known.get(key, []) + others))
    return known


def find_people(query: str, *, viewer: User | None) -> QuerySet[User]:
    """People whose name contains the query: the very name first, then the most followed."""
    text = query.strip().lstrip("@＠")[:LONGEST_NAME]
    people = User.objects.discoverable_by(viewer).select_related("profile")
    if not text:
        return people.none()
    named = Q(username__icontains=text) | Q(profile__display_name__icontains=text)
    exact = Q(username__iexact=text) | Q(profile__display_name__iexact=text)
    rank = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    return people.filter(named).order_by(rank, "-profile__followers_count", "pk")


def find_tags(query: str) -> QuerySet[Tag]:
    """Tags whose fold contains the query's, or that of an alias of it."""
    names = [query, *aliases().get("".join(query_words(query)), ())]
    keys = [tag_key(name.strip().lstrip("#＃")[:LONGEST_NAME]) for name in names]
    wanted = Q()
    for key in filter(None, keys):
        wanted |= Q(key__contains=key)
    return Tag.objects.filter(wanted).order_by("key") if wanted else Tag.objects.none()


def find_places(query: str) -> QuerySet[Place]:
    """Places whose name or city contains the query."""
    text = query.strip()[:LONGEST_NAME]
    if not text:
        return Place.objects.none()
    return Place.objects.filter(Q(name__icontains=text) | Q(city__icontains=text)).order_by("name")
