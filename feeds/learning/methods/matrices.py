"""Matrices of behaviour and how the methods scale them. Rows are people, columns are items."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]


class Unlearnable(ValueError):
    """Nothing can be learnt from this matrix; the text says why."""


def behaviour_matrix(
    people: ArrayLike, items: ArrayLike, shape: tuple[int, int], weights: ArrayLike | None = None
) -> Any:
    """CSR float32 (people, items) with one cell a pair: the strongest weight, 1 without weights."""
    rows, columns = np.asarray(people, dtype=np.int64), np.asarray(items, dtype=np.int64)
    values = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
    order = np.lexsort((-values, columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    cells = (values[first].astype(np.float32), (rows[first], columns[first]))
    return sp.csr_matrix(cells, shape=shape)


def check(matrix: Any) -> None:
    """Raises Unlearnable for what no method can learn from."""
    if not np.isfinite(matrix.data).all():
        raise Unlearnable("a weight is not a number")
    if matrix.nnz and matrix.data.min() < 0:
        raise Unlearnable("a weight is below zero")
    people, items = np.unique(matrix.nonzero()[0]).size, np.unique(matrix.nonzero()[1]).size
    if people < 2:
        raise Unlearnable(f"behaviour of {people} people: two are needed")
    if items < 2:
        raise Unlearnable(f"behaviour on {items} items: two are needed")


def degrees(matrix: Any, axis: int) -> NDArray[np.float64]:
    """Sums along an axis as a flat array (0: by item, 1: by person)."""
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()


def damped(sums: NDArray[np.float64], exponent: float) -> Floats:
    """sums ** -exponent, 0 where the sum is 0."""
    scale = np.zeros(len(sums), dtype=np.float32)
    some = sums > 0
    scale[some] = sums[some] ** -exponent
    return scale


def scaled(matrix: Any, rows: Floats | None = None, columns: Floats | None = None) -> Any:
    """CSR float32 copy with row i times rows[i] and column j times columns[j]."""
    result = matrix.tocsr().astype(np.float32, copy=True)
    if rows is not None:
        result.data *= np.repeat(rows, np.diff(result.indptr))
    if columns is not None:
        result.data *= columns[result.indices]
    return result
