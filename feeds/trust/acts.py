"""What is looked at for rings and farms, apart from the looking: who reads acts needs no scipy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Acts:
    """Engagements of a window, one a person and note, as columns of equal length."""

    person: Ints
    note: Ints
    author: Ints
    # Hours since 1970, by the server's clock.
    hour: Ints

    def __len__(self) -> int:
        return len(self.person)
