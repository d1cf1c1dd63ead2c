"""What a search says of a taste: the tags and channels that its words name."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from accounts.models import User
from community.models import Channel, Tag
from community.text.hashtags import tag_key
from community.text.segment import segment_phrases
from community.turns import breathe, take_turn
from community.views.known import tags_known_to
from feeds.interests import learn_from_search

from .models import SearchLog

AT_ONCE = 200
# Words side by side that may name one tag: "latte art" names latte-art.
LONGEST_NAME = 3


def digest() -> int:
    """Learn from searches that wait, AT_ONCE a transaction; how many. Repeating finds none."""
    total = 0
    while count := _digest_some():
        total += count
        if count == AT_ONCE:
            breathe()
    return total


@transaction.atomic
def _digest_some() -> int:
    take_turn("digests")  # acts move the same weights
    waiting = SearchLog.objects.filter(digested=False).order_by("pk").select_related("person")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    rows = list(waiting[:AT_ONCE])
    named = {row.pk: names_in(row.text) for row in rows}
    channels = _channels_called(set().union(*named.values()))
    for person, own in _by_person(rows).items():
        wanted = set().union(*(named[row.pk] for row in own))
        tags = _tags_called(wanted, person)
        for row in own:
            names = named[row.pk]
            learn_from_search(
                person_id=person.pk,
                tag_ids=[tags[name] for name in names if name in tags],
                channel_ids=[channels[name] for name in names if name in channels],
                at=row.at,
            )
    SearchLog.objects.filter(pk__in=[row.pk for row in rows]).update(digested=True)
    return len(rows)


def names_in(text: str) -> list[str]:
    """Tag keys that the words of a query can name, longer names first, each once."""
    phrases = segment_phrases(text)
    names = [tag_key(text)] if phrases else []
    for words in phrases:
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                part = words[start : start + length]
                names += [tag_key("".join(part)), tag_key("-".join(part))]
    return list(dict.fromkeys(name for name in names if name))


def _by_person(rows: list[SearchLog]) -> dict[User, list[SearchLog]]:
    people: dict[User, list[SearchLog]] = defaultdict(list)
    for row in rows:
        people[row.person].append(row)
    return people


def _tags_called(names: set[str], person: User) -> dict[str, int]:
    """Tags by key, of those that the person could meet on a note."""
    found = tags_known_to(person).filter(pk__in=Tag.objects.filter(key__in=names).values("pk"))
    return dict(found.values_list("key", "pk"))


def _channels_called(names: set[str]) -> dict[str, int]:
    """Open channels by each of their names as a key."""
    return {
        name: channel.pk
        for channel in Channel.objects.open()
        for name in (channel.slug, tag_key(channel.name_en), tag_key(channel.name_zh))
        if name in names
    }
