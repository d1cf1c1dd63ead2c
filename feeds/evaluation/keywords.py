"""Keywords of a text against those its authors gave: exact matches among the first five.

Measured is what suggests tags to writers (community/text/keywords.py), with the community's tags
unknown, as on the first day. Nothing is learnt from keywords: document frequencies come from texts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from community.text.hashtags import tag_key
from community.text.idf import IdfTable
from community.text.keywords import suggest_tags

from .labelled_texts import find_file, read_rows
from .report import Missing, Published, Report

FIRST = 5
LAST_SENTENCE = re.compile(r"[.。．!！?？;；][\s\u3000]+(?=\S[^.。．!！?？;；]*$)")
LONGEST_TITLE = 100


class Labelled(NamedTuple):
    """A text with the keys of its keywords."""

    title: str
    body: str
    keywords: frozenset[str]


def run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]) -> Report:
    """Measure on the odd rows of the folder's file, or on all rows of `test`."""
    path = find_file(folder, name, test, fits=is_of_the_form)
    rows = read_rows(path, parse)
    measured = rows[1::2] if test is None else read_rows(test, parse)
    if not measured:
        raise Missing(f"{path.name} has too few rows")
    say(f"keywords: frequencies of {len(rows)} texts, measured on {len(measured)}")
    began = time.perf_counter()
    seen = {f"{row.body}\n{row.title}" for row in (*rows, *measured)}
    idf = IdfTable.fit(seen)
    fitted = time.perf_counter()
    figures = figures_of(measured, idf)
    return Report(
        task="keywords",
        data=(test or path).name,
        protocol=(
            "exact match after folding case and width; mean over texts; "
            + ("odd rows" if test is None else "all rows of the test file")
            + "; document frequencies from the texts without their keywords;"
            " constants checked on the even rows of CSL only"
        ),
        figures=figures,
        settings={"words": len(idf), "texts": len(seen), "measured": len(measured)},
        seconds={"fit": fitted - began, "suggest": time.perf_counter() - fitted},
        published=(
            Published("jieba TextRank", {"f1@5": 0.110}),
            Published("jieba TF-IDF", {"f1@5": 0.149}),
            Published("n-gram TF-IDF, title boost", {"f1@5": 0.196}),
        ),
        goals={"f1@5": 0.196},
    )


def parse(line: str) -> Labelled | None:
    """`text TAB a_b_c`, with or without columns before them; None for other lines."""
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) < 2:
        return None
    text = max(columns[:-1], key=len)
    keywords = frozenset(filter(None, map(tag_key, columns[-1].split("_"))))
    return Labelled(*title_and_body(text), keywords) if keywords else None


def is_of_the_form(line: str) -> bool:
    """Whether keywords stand behind the text, and not the name of its class."""
    row = parse(line)
    if row is None:
        return False
    folded = tag_key(f"{row.title}\n{row.body}")
    return len(row.keywords) > 1 or any(word in folded for word in row.keywords)


def title_and_body(text: str) -> tuple[str, str]:
    """Abstracts come with their title behind the last full stop; ("", text) where there is none."""
    found = LAST_SENTENCE.search(text)
    if found is None or len(text) - found.end() > LONGEST_TITLE:
        return "", text
    return text[found.end() :], text[: found.end()]


def figures_of(rows: Sequence[Labelled], idf: IdfTable) -> dict[str, float]:
    """Means over texts of F1, precision and recall among the first five suggestions."""
    scores = [_scores(row, idf) for row in rows]
    f1, precision, recall = np.mean(scores, axis=0).tolist()
    return {f"f1@{FIRST}": f1, f"precision@{FIRST}": precision, f"recall@{FIRST}": recall}


def _scores(row: Labelled, idf: IdfTable) -> tuple[float, float, float]:
    found = suggest_tags(title=row.title, body=row.body, idf=idf, limit=FIRST)
    offered = {tag_key(suggestion.name) for suggestion in found}
    hits = len(offered & row.keywords)
    if not hits:
        return 0.0, 0.0, 0.0
    return (
        2 * hits / (len(offered) + len(row.keywords)),
        hits / len(offered),
        hits / len(row.keywords),
    )
