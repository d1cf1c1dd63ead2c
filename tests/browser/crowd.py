"""People and notes to fill pages with: long and short, of many scripts, some meant to hurt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

PEOPLE = {
    "ada": "Ada",
    "bo": "Bartholomew-Maximilian von Hohenstein",
    "chen": "一个名字长得需要换好几行才写得完的人啊啊啊",
    "dalia": "داليا",
}
# Title, body, tags, channel.
NOTES = (
    ("A shelf of rain", "Nine bowls, one for each wet day of the month.", ["bowls"], "pottery"),
    ("W" * 90, "One word without a place to break it: " + "m" * 300, ["w" * 30], "coding"),
    ("把阳台改成小花园的第三年，终于学会不浇水", "多肉最怕勤快。" * 30, ["多肉", "阳台"], "plants"),
    ("مقهى صغير قرب البحر", "قهوة وهدوء وكتاب.", ["قهوة"], "coffee"),
    ("🍋🍋🍋", "Just lemons.", [], "home-cooking"),
    ("", "No title, only these words about a walk that went on too long.", ["walk"], "hiking"),
    ("How I stopped worrying about https://example.org/a/very/long/address/that/goes/on/and/on",
     "See https://example.org/" + "path/" * 40, ["links"], "gadgets"),
    ("十分钟早餐", "鸡蛋、番茄、昨天的米饭。", ["早餐", "快手菜"], "home-cooking"),
    ("Night train", "Twelve hours, two tunnels, one thermos of tea.", ["trains"], "city-walks"),
    ("猫不理我", "第 47 天。", ["猫"], "cats"),
)  # fmt: skip


def lines() -> Iterator[str]:
    """JSON Lines as docs/import-format.md describes them."""
    for line in [*_people(), *_notes(), *_acts()]:
        yield json.dumps(line, ensure_ascii=False)


def _people() -> Iterator[dict[str, Any]]:
    for key, name in PEOPLE.items():
        yield {
            "type": "person", "id": key, "username": f"{key}.crowd", "name": name,
            "city": "Hangzhou", "lat": 30.25, "lon": 120.15, "joined": "-30d",
            "interests": ["craft", "food", "pets"],
        }  # fmt: skip


def _notes() -> Iterator[dict[str, Any]]:
    for number, (title, body, tags, channel) in enumerate(NOTES):
        spot = {"lat": 30.2 + number / 100, "lon": 120.1 + number / 100}
        yield {
            "type": "note", "id": f"n{number}", "author": list(PEOPLE)[number % len(PEOPLE)],
            "title": title, "body": body, "tags": tags, "channel": channel,
            "place": {"name": f"{title[:60] or 'Hill'} {number}", "city": "Hangzhou", **spot},
            "at": f"-{number + 1}h",
        }  # fmt: skip


def _acts() -> Iterator[dict[str, Any]]:
    for number in range(len(NOTES)):
        for who in PEOPLE:
            about = {"person": who, "note": f"n{number}"}
            yield {"type": "interaction", "kind": "like", "at": "-10m", **about}
