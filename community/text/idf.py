"""How telling each word is in this community: inverse document frequency."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Self

from community.text.segment import segment

# A word the table has never met is telling, but it may be a slip of the segmenter.
UNSEEN_SHARE = 0.8


class IdfTable(dict[str, float]):
    """Word -> ln((documents + 1) / (texts that hold it + 0.5)), for the most frequent words.

    Words that are not in the table are rare: they weigh ``unseen``.
    """

    def __init__(self, counts: Mapping[str, int], documents: int) -> None:
        super().__init__(
            (word, math.log((documents + 1) / (count + 0.5))) for word, count in counts.items()
        )
        self.counts = dict(counts)
        self.documents = documents
        self.unseen = UNSEEN_SHARE * math.log((documents + 1) / 0.5)

    @classmethod
    def fit(cls, texts: Iterable[str], *, max_words: int = 50_000) -> Self:
        """Count in how many texts each word occurs; keep the ``max_words`` most frequent."""
        counts: Counter[str] = Counter()
        documents = 0
        for text in texts:
            counts.update(set(segment(text)))
            documents += 1
        return cls(dict(counts.most_common(max_words)), documents)

    def to_dict(self) -> dict[str, Any]:
        """``{"documents": int, "counts": {word: int}}``, ready for JSON."""
        return {"documents": self.documents, "counts": self.counts}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The table that ``to_dict`` described. Raises ``KeyError`` if a part is missing."""
        return cls(stored["counts"], stored["documents"])
