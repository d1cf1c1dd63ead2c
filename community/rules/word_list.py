"""A list of words as people write it: one a line, in a form or a CSV file. Pure.

    word,sound,inside
    微信
    ass,no,no
    porn*,,yes

`sound`: also by its pinyin (yes if nothing is said); `inside`: also inside other words (no).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import NamedTuple

from community.text.clean import clean_line
from community.text.disguise import letters_of
from community.text.sensitive import LONGEST_WORD

MOST_WORDS = 20_000
HEADINGS = ("word", "词")
YES, NO = {"yes", "y", "1", "true", "是"}, {"no", "n", "0", "false", "否"}
Row = tuple[str, bool, bool]


class BadLine(NamedTuple):
    number: int
    # "word", "long", "columns", "answer" or "many"; words for each in wording.py.
    why: str
    text: str


def read_words(text: str) -> tuple[list[Row], list[BadLine]]:
    """The rows of a list, each word once (the last line counts), and the lines that are none."""
    rows: dict[str, Row] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True))]
        except (csv.Error, StopIteration):
            bad.append(BadLine(number, "columns", line[:60]))
            continue
        if number == 1 and cells[0].lower() in HEADINGS:
            continue
        why, row = _row(cells)
        if row is None:
            bad.append(BadLine(number, why, line[:60]))
        elif len(rows) >= MOST_WORDS and row[0] not in rows:
            bad.append(BadLine(number, "many", line[:60]))
            break
        else:
            rows[row[0]] = row
    return list(rows.values()), bad


def _row(cells: list[str]) -> tuple[str, Row | None]:
    if len(cells) > 3:
        return "columns", None
    word = clean_line(cells[0], max_length=LONGEST_WORD + 1)
    if len(word) > LONGEST_WORD:
        return "long", None
    if not letters_of(word):
        return "word", None
    answers = [cell.lower() for cell in (*cells[1:], "", "")[:2]]
    if any(answer and answer not in YES | NO for answer in answers):
        return "answer", None
    return "", (word, answers[0] not in NO, answers[1] in YES)


def written_out(rows: Iterable[Row]) -> str:
    """The list as `read_words` reads it, for the form and for the file to take along."""
    return "\n".join(_line(*row) for row in rows)


def _line(word: str, sound: bool, inside: bool) -> str:
    quoted = '"' + word.replace('"', '""') + '"' if set(word) & {",", '"'} else word
    if sound and not inside:
        return quoted
    return f"{quoted},{'yes' if sound else 'no'},{'yes' if inside else 'no'}"
