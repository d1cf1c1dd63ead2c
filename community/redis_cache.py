"""Django's Redis cache, without which the community goes on: slower, and uncounted.

A Redis that is away or full costs what is remembered there, never a page. Limits of rates count
nothing meanwhile, since refusing everybody would be the larger harm; the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from accounts.absence import Absence, absence_of

logger = logging.getLogger(__name__)

# As Redis has them, whose types are known only where it is installed.
Key = Any
Seconds = Any


class PatientClient(RedisCacheClient):
    """Answers as an empty cache would while Redis cannot be asked."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._address = servers[0]

    @property
    def _absence(self) -> Absence:
        return absence_of(self._address)

    def _ask(self, question: Callable[[], Any], otherwise: Any) -> Any:
        if self._absence.lasts:
            return otherwise
        try:
            return question()
        except RedisError as error:
            if self._absence.begin(self._answers):
                # Its kind only: the words of some errors hold addresses.
                logger.warning("The cache is away (%s); going on without it.", type(error).__name__)
            return otherwise

    def _answers(self) -> bool:
        try:
            return bool(self.get_client(write=True).ping())
        except RedisError:
            return False

    def add(self, key: Key, value: Any, timeout: Seconds) -> bool:
        # "It was not there": who asks so wants to do something once, and may.
        return bool(self._ask(lambda: super(PatientClient, self).add(key, value, timeout), True))

    def get(self, key: Key, default: Any) -> Any:
        return self._ask(lambda: super(PatientClient, self).get(key, default), default)

    def set(self, key: Key, value: Any, timeout: Seconds) -> None:
        self._ask(lambda: super(PatientClient, self).set(key, value, timeout), None)

    def touch(self, key: Key, timeout: Seconds) -> bool:
        return bool(self._ask(lambda: super(PatientClient, self).touch(key, timeout), False))

    def delete(self, key: Key) -> bool:
        return bool(self._ask(lambda: super(PatientClient, self).delete(key), False))

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Any]:
        found = self._ask(lambda: super(PatientClient, self).get_many(keys), None)
        return found or {}

    def has_key(self, key: Key) -> bool:
        return bool(self._ask(lambda: super(PatientClient, self).has_key(key), False))

    def incr(self, key: Key, delta: int) -> int:
        """Add to a counter and return it. Raises ValueError when there is none.

        In one step: between Django's look and its count a counter may end, and what is counted
        then would stand without an end, a limit that never lifts.
        """
        value = self._ask(lambda: self._count(key, delta), None)
        if value is None:
            raise ValueError(f"Key {key!r} not found")
        return int(value)

    def _count(self, key: Key, delta: int) -> Any:
        script = (
            "if redis.call('EXISTS', KEYS[1]) == 1 then"
            " return redis.call('INCRBY', KEYS[1], ARGV[1]) end"
        )
        return self.get_client(key, write=True).eval(script, 1, key, delta)

    def set_many(self, data: Mapping[Key, Any], timeout: Seconds) -> None:
        self._ask(lambda: super(PatientClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Iterable[Key]) -> None:
        self._ask(lambda: super(PatientClient, self).delete_many(keys), None)

    def clear(self) -> bool:
        return bool(self._ask(lambda: super(PatientClient, self).clear(), False))


class PatientRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient

    def ask(self) -> None:
        """Whether it answers, for whoever must know. Raises RedisError."""
        self._cache.get_client(write=True).ping()
