"""Boosted trees at serving time: LightGBM's C library without its Python package.

Importing `lightgbm` brings scikit-learn and SciPy into a process, about 100 MB; scoring needs only
a few functions of its documented C API. Training, in a worker, uses the package.
"""

from __future__ import annotations

import ctypes
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Names of LightGBM's C API.
FLOAT32, ROW_MAJOR, RAW_SCORE, ALL_TREES = 0, 1, 1, -1
ONE_THREAD = b"num_threads=1"


class ForestError(Exception):
    """LightGBM is not installed, or refuses a model or a matrix; the text is its own."""


@cache
def _library() -> ctypes.CDLL:
    package = find_spec("lightgbm")
    folder = Path(package.origin).parent if package and package.origin else None
    found = sorted(folder.glob("lib/lib_lightgbm.*")) if folder else []
    if not found:
        raise ForestError("LightGBM is not installed")
    try:
        library = ctypes.CDLL(str(found[0]))
    except OSError as error:
        raise ForestError(str(error)) from error
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library


def _check(code: int) -> None:
    if code != 0:
        raise ForestError(_library().LGBM_GetLastError().decode("utf-8", "replace"))


class Forest:
    """A trained model as LightGBM writes it down. Safe under threads; one thread a call."""

    def __init__(self, text: str) -> None:
        self._handle = ctypes.c_void_p()
        rounds = ctypes.c_int()
        library = _library()
        _check(
            library.LGBM_BoosterLoadModelFromString(
                text.encode(), ctypes.byref(rounds), ctypes.byref(self._handle)
            )
        )
        width = ctypes.c_int()
        _check(library.LGBM_BoosterGetNumFeature(self._handle, ctypes.byref(width)))
        self.width = width.value

    def __del__(self) -> None:
        if self._handle:
            _library().LGBM_BoosterFree(self._handle)

    def log_odds(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Sum of the trees for each row, shape (rows,)."""
        rows = np.ascontiguousarray(matrix, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.width:
            raise ForestError(f"rows of {rows.shape[1:]} features for a model of {self.width}")
        result = np.zeros(len(rows))
        if not len(rows):
            return result
        length = ctypes.c_int64()
        _check(
            _library().LGBM_BoosterPredictForMat(
                self._handle,
                rows.ctypes.data_as(ctypes.c_void_p),
                FLOAT32,
                ctypes.c_int32(rows.shape[0]),
                ctypes.c_int32(rows.shape[1]),
                ROW_MAJOR,
                RAW_SCORE,
                0,
                ALL_TREES,
                ONE_THREAD,
                ctypes.byref(length),
                result.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
            )
        )
        return result
