"""Which channel a text belongs to: hashed characters, their pairs and words, a linear model on top.

TF-IDF weights, with the rare counting more than usual, and a linear support vector machine, one
against the rest (Joachims 1998), blended with naive Bayes on the same weights (as Wang and Manning
2012 join the two; Rennie 2003 on TF-IDF), which is linear too, so that the blend is one matrix.
Margins become probabilities by one temperature (Guo et al. 2017) fitted on texts held back.
Learning needs scikit-learn; guessing needs numpy alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from community.text.fold import fold
from community.text.segment import segment

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BUCKETS = 1 << 20
LONGEST_GRAM = 2  # characters; longer ones say again what words say
# Inverse document frequency to this power: in a line of text the rarest word says the most.
RARITY = 1.5
# A channel shows in the first lines.
READ_AT_MOST = 600  # characters
# Inverse regularisations that are tried on texts held back, from strong to weak.
STRENGTHS = (0.4, 0.8, 1.6)
USUAL_STRENGTH = 0.8
# How much naive Bayes counts beside the machine, both in standard deviations of their margins.
SHARES = (0.0, 0.3, 0.5, 0.8)
USUAL_SHARE = 0.5
SMOOTHING = 0.02
HELD_BACK = 8  # one text in so many
# With fewer texts than this nothing is held back: the usual settings hold.
ENOUGH_TO_CHOOSE = 200
TEMPERATURES = tuple(np.geomspace(0.05, 2.0, 25).tolist())
USUAL_TEMPERATURE = 0.5


# Texts whose margins say how widely they spread.
SPREAD_OF = 5_000


class Linear(NamedTuple):
    """Weights (features, labels) and bias (labels,) of a part; how widely its margins spread."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    spread: float


class TooLittle(ValueError):
    """There is nothing to tell apart: no text, or one label for all."""


def features(text: str) -> list[int]:
    """Buckets of a text's characters, their pairs, and its words, with repeats."""
    return [zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in _grams(text)]


def _grams(text: str) -> Iterator[str]:
    shown = fold(text[:READ_AT_MOST])
    # Where a line begins and ends says something: what is it about, is it a question.
    line = f"\x03{' '.join(shown.split())}\x04"
    for size in range(1, LONGEST_GRAM + 1):
        yield from (line[at : at + size] for at in range(len(line) - size + 1))
    yield from (f"\x01{word}" for word in segment(shown))


@dataclass(frozen=True, slots=True)
class ChannelClassifier:
    """A fitted model. Immutable, so that threads share it; arrays may be memory-mapped.

    `buckets` (n,) are the known features, ascending; `idf` (n,) how telling each is; `weights`
    (n, labels) and `bias` (labels,) the linear model.
    """

    labels: tuple[str, ...]
    buckets: NDArray[np.int32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    strength: float
    share: float

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str]) -> Self:
        """Learn from texts with their labels. Raises TooLittle.

        1. Count features.  2. Choose strength, share of naive Bayes and temperature on texts held
        back.  3. Fit on all.
        """
        names, y = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
        if len(texts) != len(labels):
            raise ValueError("as many labels as texts")
        if len(names) < 2:
            raise TooLittle("texts of at least two labels are needed")
        rows = [features(text) for text in texts]
        strength, share, temperature = _chosen(rows, y, len(names))
        buckets, idf = _telling(rows)
        matrix = _matrix(rows, buckets, idf)
        machine = _machine(matrix, y, len(names), strength)
        weights, bias = _blend(machine, _bayes(matrix, y, len(names)), share)
        labelled = tuple(names.tolist())
        return cls(labelled, buckets, idf, weights, bias, temperature, strength, share)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities, shape (texts, labels); rows add up to 1."""
        margins = np.stack([self._margins(text) for text in texts]) if texts else self._nothing()
        return _softmax(margins / self.temperature)

    def guess(self, text: str) -> tuple[str, float]:
        """The likeliest label and its probability."""
        row = self.predict_proba([text])[0]
        best = int(row.argmax())
        return self.labels[best], float(row[best])

    def _margins(self, text: str) -> NDArray[np.float64]:
        columns, values = _weighed(features(text), self.buckets, self.idf)
        return np.asarray(values @ self.weights[columns] + self.bias, dtype=np.float64)

    def _nothing(self) -> NDArray[np.float64]:
        return np.zeros((0, len(self.labels)))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything but the labels, for a store that keeps arrays."""
        return {
            "buckets": self.buckets,
            "idf": self.idf,
            "weights": self.weights,
            "bias": self.bias,
            "settings": np.array([self.temperature, self.strength, self.share]),
        }

    @classmethod
    def from_arrays(cls, labels: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model that `to_arrays` described. Raises KeyError, or ValueError where parts do not
        fit together."""
        # Models kept from before there was a blend have no share.
        temperature, strength, *others = (float(value) for value in arrays["settings"])
        weights, bias = arrays["weights"], arrays["bias"]
        known = len(arrays["buckets"])
        if weights.shape != (known, len(labels)) or bias.shape != (len(labels),):
            raise ValueError("weights and labels do not fit together")
        if arrays["idf"].shape != (known,) or not np.isfinite(bias).all() or not temperature > 0:
            raise ValueError("a part of the model is damaged")
        share = others[0] if others else 0.0
        buckets, idf = arrays["buckets"], arrays["idf"]
        return cls(tuple(labels), buckets, idf, weights, bias, temperature, strength, share)


# ---------------------------------------------------------------- learning
def _telling(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Features that occur, ascending, with how telling each is: the smoothed inverse document
    frequency to the power of RARITY."""
    every = np.concatenate([np.unique(np.asarray(row, dtype=np.int32)) for row in rows])
    buckets, counts = np.unique(every, return_counts=True)
    rarity = np.log((1 + len(rows)) / (1 + counts)) + 1
    return buckets, (rarity**RARITY).astype(np.float32)


def _weighed(
    row: Sequence[int], buckets: NDArray[np.int32], idf: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Columns of a text's known features and their TF-IDF weights, of length one together."""
    found, counts = np.unique(np.asarray(row, dtype=np.int32), return_counts=True)
    at = np.searchsorted(buckets, found)
    known = at < len(buckets)
    known[known] = buckets[at[known]] == found[known]
    columns = at[known]
    values = (1 + np.log(counts[known])).astype(np.float32) * idf[columns]
    length = float(np.linalg.norm(values))
    return columns, values / length if length else values


def _matrix(
    rows: Sequence[Sequence[int]], buckets: NDArray[np.int32], idf: NDArray[np.float32]
) -> csr_matrix:
    from scipy.sparse import csr_matrix

    parts = [_weighed(row, buckets, idf) for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _values in parts])])
    columns = np.concatenate([columns for columns, _values in parts])
    values = np.concatenate([values for _columns, values in parts])
    return csr_matrix((values, columns, starts), shape=(len(rows), len(buckets)))


def _machine(matrix: csr_matrix, y: NDArray[np.intp], labels: int, strength: float) -> Linear:
    """The support vector machine; labels without a text in `y` never win."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=strength, random_state=0, max_iter=2_000).fit(matrix, y)
    coefficients, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one margin stands for both
        coefficients = np.vstack([-coefficients, coefficients])
        intercept = np.concatenate([-intercept, intercept])
    weights = np.zeros((matrix.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, -1e3, dtype=np.float32)
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = intercept
    return Linear(weights, bias, _spread(matrix, weights[:, model.classes_]))


def _bayes(matrix: csr_matrix, y: NDArray[np.intp], labels: int) -> Linear:
    """Multinomial naive Bayes on TF-IDF weights."""
    from scipy.sparse import csr_matrix

    count = len(y)
    membership = csr_matrix((np.ones(count, np.float32), (y, np.arange(count))), (labels, count))
    totals = (membership @ matrix).toarray() + np.float32(SMOOTHING)
    weights = np.log(totals / totals.sum(axis=1, keepdims=True)).T.astype(np.float32)
    # What all labels have in common tells nothing.
    weights -= weights.mean(axis=1, keepdims=True)
    priors = (np.bincount(y, minlength=labels) + SMOOTHING) / (count + labels * SMOOTHING)
    return Linear(weights, np.log(priors).astype(np.float32), _spread(matrix, weights))


def _spread(matrix: csr_matrix, weights: NDArray[np.float32]) -> float:
    """The standard deviation of margins, over some of the texts."""
    return float((matrix[:SPREAD_OF] @ weights).std()) or 1.0


def _blend(
    machine: Linear, bayes: Linear, share: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights and bias of both together, in the machine's scale."""
    scale = np.float32(share * machine.spread / bayes.spread)
    return machine.weights + scale * bayes.weights, machine.bias + scale * bayes.bias


def _chosen(
    rows: Sequence[Sequence[int]], y: NDArray[np.intp], labels: int
) -> tuple[float, float, float]:
    """Strength, share and temperature that do best on one text in HELD_BACK: of least log loss,
    which so few texts tell with less noise than how many are right."""
    held = np.arange(len(rows)) % HELD_BACK == HELD_BACK - 1
    if len(rows) < ENOUGH_TO_CHOOSE or len(np.unique(y[~held])) < 2:
        return USUAL_STRENGTH, USUAL_SHARE, USUAL_TEMPERATURE
    learnt = [row for row, back in zip(rows, held, strict=True) if not back]
    buckets, idf = _telling(learnt)
    matrix = _matrix(learnt, buckets, idf)
    others = _matrix([row for row, back in zip(rows, held, strict=True) if back], buckets, idf)
    bayes = _bayes(matrix, y[~held], labels)
    tried = []
    for strength in STRENGTHS:
        machine = _machine(matrix, y[~held], labels, strength)
        for share in SHARES:
            weights, bias = _blend(machine, bayes, share)
            margins = np.asarray(others @ weights + bias)
            tried += [
                (_log_loss(margins / temperature, y[held]), strength, share, temperature)
                for temperature in TEMPERATURES
            ]
    return min(tried)[1:]


def _log_loss(margins: NDArray[np.floating], y: NDArray[np.intp]) -> float:
    chances = _softmax(margins)[np.arange(len(y)), y]
    return float(-np.log(np.maximum(chances, 1e-12)).mean())


def _softmax(margins: NDArray[np.floating]) -> NDArray[np.float64]:
    if not len(margins):
        return np.asarray(margins, dtype=np.float64)
    powers = np.exp(np.asarray(margins, dtype=np.float64) - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
