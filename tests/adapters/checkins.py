"""Turn a set of check-ins and a set of headlines into the import format.

    python tests/adapters/checkins.py SHARED_DATA_DIR OUT.jsonl [--limit-people N] [--all-visits]

Reads, never copies into the repository: `checkins/Gowalla_{train,tune,test}.txt` (`user place
count`), `checkins/Gowalla_poi_coos.txt` (`place lat lon`), `checkins/Gowalla_social_relations.txt`
(`user user`), `chinese/toutiao_headlines.txt` (`text_!_class`).

- A person becomes `reader0001` and so on, with the channels of their first notes as interests.
- A friendship becomes two follows.
- A place becomes a note of one of its visitors: a headline as title, more of the same class as
  text, the class as channel and tag, the place's own coordinates.
- A visit becomes "open"; from 2 visits on also "like", from 4 on also "collect", except the
  author's own.

Only the visits of the training part are taken unless --all-visits is given, so that the other two
stay unseen by whoever learns from the community. Everything is deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

# Class of a headline → channel, tag.
CLASSES = {
    "0": ("family", "民生"),
    "1": ("writing", "文化"),
    "2": ("film", "娱乐"),
    "3": ("fitness", "体育"),
    "4": ("money", "财经"),
    "5": ("interiors", "房产"),
    "6": ("gadgets", "汽车"),
    "7": ("work", "教育"),
    "8": ("coding", "科技"),
    "9": ("news", "军事"),
    "10": ("nature", "旅行"),
    "11": ("news", "国际"),
    "12": ("money", "股票"),
    "13": ("plants", "三农"),
    "14": ("games", "游戏"),
}
LIKES_FROM, COLLECTS_FROM = 2, 4
TITLE_LENGTH = 60
MORE_HEADLINES = 2
DAYS, SECONDS_A_DAY = 30, 86_400
# Multipliers of hashes that spread numbers evenly (Knuth).
SPREAD = 2_654_435_761
INTERESTS = 4


@dataclass(frozen=True)
class Headline:
    text: str
    kind: str


@dataclass(frozen=True)
class Visit:
    person: int
    place: int
    count: int


def community(
    folder: Path, *, limit_people: int | None, all_visits: bool
) -> Iterator[dict[str, Any]]:
    """Every line of the import, people first. `folder` holds `checkins/` and `chinese/`."""
    checkins = folder / "checkins"
    headlines = read_headlines(folder / "chinese" / "toutiao_headlines.txt")
    parts = ("train", "tune", "test") if all_visits else ("train",)
    visits = [
        visit
        for part in parts
        for visit in read_visits(checkins / f"Gowalla_{part}.txt")
        if limit_people is None or visit.person < limit_people
    ]
    places = list(read_places(checkins / "Gowalla_poi_coos.txt"))
    authors = choose_authors(visits, [place for place, _lat, _lon in places])
    by_class = group_by_class(headlines)
    yield from people_lines(visits, headlines)
    yield from follow_lines(checkins / "Gowalla_social_relations.txt", {v.person for v in visits})
    yield from note_lines(places, authors, headlines, by_class)
    for visit in visits:
        yield from act_lines(visit, authors[visit.place])


def read_headlines(path: Path) -> list[Headline]:
    pairs = (
        line.rsplit("_!_", 1) for line in path.read_text("utf-8").splitlines() if "_!_" in line
    )
    return [Headline(text.strip(), kind) for text, kind in pairs if kind in CLASSES]


def group_by_class(headlines: Iterable[Headline]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for headline in headlines:
        groups.setdefault(headline.kind, []).append(headline.text)
    return groups


def read_visits(path: Path) -> Iterator[Visit]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            person, place, count = line.split()
            yield Visit(int(person), int(place), int(float(count)))


def read_places(path: Path) -> Iterator[tuple[int, float, float]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            place, latitude, longitude = line.split()
            yield int(place), float(latitude), float(longitude)


def choose_authors(visits: Iterable[Visit], places: Iterable[int]) -> dict[int, int]:
    """Place → one of its visitors; somebody else where nobody of these visits was."""
    visitors: dict[int, list[int]] = {}
    for visit in visits:
        visitors.setdefault(visit.place, []).append(visit.person)
    everybody = sorted({person for people in visitors.values() for person in people})
    chosen = {}
    for place in places:
        people = visitors.get(place, everybody)
        chosen[place] = people[spread(place, len(people))]
    return chosen


def people_lines(visits: Iterable[Visit], headlines: list[Headline]) -> Iterator[dict[str, Any]]:
    channels: dict[int, dict[str, None]] = {}
    for visit in visits:
        of_place = CLASSES[headline_of(visit.place, headlines).kind][0]
        channels.setdefault(visit.person, {})[of_place] = None
    for person in sorted(channels):
        yield {
            "type": "person",
            "id": person_name(person),
            "username": person_name(person),
            "interests": list(islice(channels[person], INTERESTS)),
            "joined": f"-{DAYS + 1 + spread(person, 300)}d",
            "language": "zh",
        }


def follow_lines(path: Path, people: set[int]) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            one, other = (int(part) for part in line.split())
            if one in people and other in people:
                for follower, followed in ((one, other), (other, one)):
                    yield {
                        "type": "follow",
                        "from": person_name(follower),
                        "to": person_name(followed),
                        "at": f"-{DAYS}d",
                    }


def note_lines(
    places: Iterable[tuple[int, float, float]],
    authors: dict[int, int],
    headlines: list[Headline],
    by_class: dict[str, list[str]],
) -> Iterator[dict[str, Any]]:
    for place, latitude, longitude in places:
        headline = headline_of(place, headlines)
        channel, tag = CLASSES[headline.kind]
        yield {
            "type": "note",
            "id": f"place-{place}",
            "author": person_name(authors[place]),
            "title": headline.text[:TITLE_LENGTH],
            "body": text_of(place, headline, by_class[headline.kind]),
            "tags": [tag],
            "channel": channel,
            "place": {"name": f"Spot {place}", "lat": latitude, "lon": longitude},
            "at": f"-{age_of_note(place)}s",
        }


def text_of(place: int, headline: Headline, alike: list[str]) -> str:
    """The whole headline, then a few others of its class."""
    more = [alike[spread(place + step, len(alike))] for step in range(1, MORE_HEADLINES + 1)]
    return "\n".join(dict.fromkeys([headline.text, *more]))


def act_lines(visit: Visit, author: int) -> Iterator[dict[str, Any]]:
    kinds = ["open"]
    if visit.person != author:
        kinds += ["like"] * (visit.count >= LIKES_FROM) + ["collect"] * (
            visit.count >= COLLECTS_FROM
        )
    at = f"-{age_of_visit(visit)}s"
    for kind in kinds:
        yield {
            "type": "interaction",
            "person": person_name(visit.person),
            "note": f"place-{visit.place}",
            "kind": kind,
            "at": at,
        }


def person_name(person: int) -> str:
    return f"reader{person:04}"


def headline_of(place: int, headlines: list[Headline]) -> Headline:
    return headlines[place % len(headlines)]


def spread(number: int, below: int) -> int:
    """A number under `below` that looks random and is always the same."""
    return number * SPREAD % 2**32 * below >> 32


def age_of_note(place: int) -> int:
    """Seconds, over the last DAYS days."""
    return 60 + spread(place, DAYS * SECONDS_A_DAY - 60)


def age_of_visit(visit: Visit) -> int:
    """Seconds: some time between the note and now."""
    return spread(visit.person * 31 + visit.place, age_of_note(visit.place))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--limit-people", type=int)
    parser.add_argument("--all-visits", action="store_true")
    options = parser.parse_args(arguments)
    with options.out.open("w", encoding="utf-8") as out:
        for values in community(
            options.folder, limit_people=options.limit_people, all_visits=options.all_visits
        ):
            out.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
