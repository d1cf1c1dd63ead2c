"""The channel of a headline: accuracy of the classifier that guesses channels while one writes.

Measured is community/text/channels.py as it trains on a community's notes, on labelled headlines.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from community.text.channels import ChannelClassifier, TooLittle

from .labelled_texts import find_file, read_rows
from .report import Missing, Published, Report

MARK = "_!_"
HELD_OUT = 5  # one row in so many
LONGEST_CLASS = 40


class Headline(NamedTuple):
    text: str
    label: str


def run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]) -> Report:
    """Learn from the folder's file; measure on a held-out fifth of it, or on all of `test`."""
    path = _labelled_file(folder, name, test)
    rows = read_rows(path, parse)
    learnt, measured = held_out(rows) if test is None else (rows, read_rows(test, parse))
    say(f"channel: {len(learnt)} headlines to learn from, {len(measured)} to measure on")
    began = time.perf_counter()
    try:
        model = ChannelClassifier.fit([r.text for r in learnt], [r.label for r in learnt])
    except TooLittle as reason:
        raise Missing(f"{path.name}: {reason}") from None
    fitted = time.perf_counter()
    figures = figures_of(model, learnt, measured)
    return Report(
        task="channel",
        data=(test or path).name,
        protocol=(
            ("a fixed random fifth" if test is None else "all rows of the test file")
            + "; settings chosen on an eighth of what is learnt from; accuracy_unseen leaves out"
            " headlines that also stand, word for word, among those learnt from"
        ),
        figures=figures,
        settings={
            "learnt": len(learnt),
            "measured": len(measured),
            "classes": len(model.labels),
            "strength": model.strength,
            "share": model.share,
            "temperature": round(model.temperature, 3),
        },
        seconds={"fit": fitted - began, "guess": time.perf_counter() - fitted},
        published=(
            Published("n-grams, linear (measured before)", {"accuracy": 0.843}),
            Published("published for this form", {"accuracy": 0.84}),
        ),
        goals={"accuracy": 0.84},
    )


def _labelled_file(folder: Path, name: str | None, test: Path | None) -> Path:
    """A file of `text_!_class` lines; where there is none, one of `text TAB class` lines."""
    try:
        return find_file(folder, name, test, fits=lambda line: parse_marked(line) is not None)
    except Missing:
        return find_file(folder, name, test, fits=lambda line: parse_tabbed(line) is not None)


def parse(line: str) -> Headline | None:
    return parse_marked(line) or parse_tabbed(line)


def parse_marked(line: str) -> Headline | None:
    """`text_!_class`; None for other lines."""
    text, mark, label = (part.strip() for part in line.rpartition(MARK))
    return Headline(text, label) if mark and text and 0 < len(label) <= LONGEST_CLASS else None


def parse_tabbed(line: str) -> Headline | None:
    """`text TAB class`, with or without columns before them; keywords (a_b_c) are no class."""
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) < 2 or "_" in columns[-1] or not 0 < len(columns[-1]) <= LONGEST_CLASS:
        return None
    text = max(columns[:-1], key=len)
    return Headline(text, columns[-1]) if text else None


def held_out(rows: Sequence[Headline]) -> tuple[list[Headline], list[Headline]]:
    """Rows to learn from, and a fifth to measure on: the same ones each time, in random order.

    Raises Missing where a fifth is nothing.
    """
    order = np.random.default_rng(0).permutation(len(rows)).tolist()
    share = len(rows) // HELD_OUT
    if not share:
        raise Missing("there are too few rows to hold a fifth out")
    return [rows[at] for at in order[share:]], [rows[at] for at in order[:share]]


def figures_of(
    model: ChannelClassifier, learnt: Sequence[Headline], measured: Sequence[Headline]
) -> dict[str, float]:
    """Accuracy on all, on headlines never learnt from, and of always saying the largest class."""
    chances = model.predict_proba([row.text for row in measured])
    guessed = np.array(model.labels)[chances.argmax(axis=1)]
    right = guessed == np.array([row.label for row in measured])
    seen = {row.text for row in learnt}
    unseen = np.array([row.text not in seen for row in measured])
    largest, _count = Counter(row.label for row in learnt).most_common(1)[0]
    figures = {"accuracy": float(right.mean())}
    if unseen.any():
        figures["accuracy_unseen"] = float(right[unseen].mean())
    figures["majority"] = float(np.mean([row.label == largest for row in measured]))
    return figures
