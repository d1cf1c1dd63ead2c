"""What a process may remember for a while: small, bounded, and never about one viewer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakSet

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The most recently used values, each forgotten after `seconds`. Safe under threads: a lost
    update costs one recomputation."""

    _all: ClassVar[WeakSet[Remembered[Any]]] = WeakSet()

    def __init__(self, *, most: int, seconds: float) -> None:
        Remembered._all.add(self)
        self._most, self._seconds = most, seconds
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        found = self._values.get(key)
        if found is None or time.monotonic() > found[0]:
            return None
        return found[1]

    def put(self, key: Hashable, value: Value) -> Value:
        self._values[key] = (time.monotonic() + self._seconds, value)
        while len(self._values) > self._most:
            try:
                self._values.popitem(last=False)
            except KeyError:
                break
        return value

    @classmethod
    def forget_everything(cls) -> None:
        """As a new process would be (between tests)."""
        for remembered in cls._all:
            remembered._values.clear()
