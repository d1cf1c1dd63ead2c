"""Chinese cut into words, by rjieba. Its dictionary is 30 MB, loaded with the first Chinese text:
a process that only shows pages never needs it."""

from __future__ import annotations


def han_words(run: str) -> list[str]:
    """The words of a run of Han, in order; joined they are the run again."""
    import rjieba  # here, so that it is loaded when it is needed

    words: list[str] = rjieba.cut(run)
    return words
