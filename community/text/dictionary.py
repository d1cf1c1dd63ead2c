"""Known words in a text: brands, products, places, activities and topics, found in one pass.

An Aho-Corasick automaton (1975) over folded text. Where words are written with blanks a form counts
as a whole word only; of overlapping finds the one that begins first wins, of those the longest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import ahocorasick

from community.text.characters import CJK
from community.text.fold import fold

READ_AT_MOST = 6_000  # characters
# One Chinese character stands in too many words to be a find.
SHORTEST_FORM = 2
LONGEST_FORM = 60

# Between such two characters no word ends.
JOINED = re.compile(f"[^\\W{CJK}_]{{2}}")
SPACES = re.compile(r"[\s_-]+")


class Entry(NamedTuple):
    """What a form stands for."""

    kind: str
    # The tag that a find suggests.
    tag: str
    # What it is a name of; of several names in a text the first is told. 0: of nothing else.
    of: int = 0


class Found(NamedTuple):
    """A known word in a text; `at` counts characters of the folded text."""

    kind: str
    tag: str
    at: int
    in_title: bool
    times: int


def folded_form(text: str) -> str:
    """A form as the automaton knows it: folded, with single blanks for blanks, _ and hyphens."""
    return SPACES.sub(" ", fold(text)).strip()


class Dictionary:
    """Forms with their entries. Immutable once made; of two entries for one form the first stays.

    Forms of fewer than SHORTEST_FORM or more than LONGEST_FORM characters are left out.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._automaton = ahocorasick.Automaton()
        for form, entry in entries:
            known = folded_form(form)
            if SHORTEST_FORM <= len(known) <= LONGEST_FORM and known not in self._automaton:
                self._automaton.add_word(known, (len(known), entry))
        self._automaton.make_automaton()

    def __len__(self) -> int:
        return len(self._automaton)

    def find(self, *, title: str, body: str) -> list[Found]:
        """Each known thing once, by the name that stands first: where, and how often."""
        if not len(self):
            return []
        head = folded_form(title)
        text = f"{head}\n{folded_form(body[:READ_AT_MOST])}"
        found: dict[str | int, Found] = {}
        for at, entry in self._longest(text):
            thing = entry.of or entry.tag
            before = found.get(thing)
            found[thing] = (
                before._replace(times=before.times + 1)
                if before
                else Found(entry.kind, entry.tag, at, at < len(head), 1)
            )
        return list(found.values())

    def _longest(self, text: str) -> Iterator[tuple[int, Entry]]:
        """Finds that do not overlap, from left to right."""
        spans = [
            (end + 1 - length, -length, entry)
            for end, (length, entry) in self._automaton.iter(text)
            if _is_whole(text, end + 1 - length, end + 1)
        ]
        free = 0
        for start, negative, entry in sorted(spans, key=lambda span: span[:2]):
            if start >= free:
                free = start - negative
                yield start, entry


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the find neither begins nor ends inside a word of an alphabet."""
    inside_before = start > 0 and JOINED.match(text[start - 1 : start + 1])
    inside_after = end < len(text) and JOINED.match(text[end - 1 : end + 1])
    return not (inside_before or inside_after)
