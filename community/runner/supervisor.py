"""The loop: start the services, restart what dies, reload on SIGHUP, stop all in order.

A service that keeps dying right after its start is not restarted for ever: then everything stops,
with the last lines it said, because a community without its worker only looks alive.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .console import say
from .services import Running, Service, start
from .sessions import end_session
from .undertaker import Undertaker

LOOK_EVERY_SECONDS = 0.1
# Dying sooner than this and before it worked counts as "cannot run", anything else as an accident.
QUICK_SECONDS = 15.0
QUICK_DEATHS_ALLOWED = 5
LONGEST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 10.0
# What a dead service forked gets this long to stop by itself.
LEFTOVER_SECONDS = 2.0


class KeepsDying(Exception):
    """A service died too often right after its start; the message says which and its last words."""


@dataclass
class Watch:
    """One service over its lives."""

    service: Service
    running: Running | None = None
    has_worked: bool = False
    quick_deaths: int = 0
    deaths_in_a_row: int = 0
    start_at: float = 0.0


@dataclass
class Wishes:
    """What signals have asked for; the loop looks at them, handlers only set them."""

    stop: bool = False
    reload: bool = False
    hurry: bool = False


@dataclass
class Supervisor:
    """Runs until it is asked to stop. `on_look` is called in each round of the loop."""

    services: list[Service]
    environment: dict[str, str]
    undertaker: Undertaker
    wishes: Wishes = field(default_factory=Wishes)

    def __post_init__(self) -> None:
        now = time.monotonic()
        self.watches = [Watch(s, start_at=now + s.start_after_seconds) for s in self.services]

    def run(self, on_look: Callable[[], None] = lambda: None) -> None:
        """Raises KeepsDying; whatever happens, nothing it started is left."""
        try:
            while not self.wishes.stop:
                self._look(time.monotonic())
                on_look()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            self.stop_all()

    def listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_stop)
        had_terminal = os.isatty(0)
        signal.signal(signal.SIGHUP, lambda *_: self._on_hangup(had_terminal))

    def _on_stop(self, *_: object) -> None:
        self.wishes.hurry = self.wishes.stop
        self.wishes.stop = True

    def _on_hangup(self, had_terminal: bool) -> None:
        """A closed terminal sends the same signal as a person who wants a reload."""
        if had_terminal and _terminal_is_gone():
            self.wishes.stop = True
        else:
            self.wishes.reload = True

    def _look(self, now: float) -> None:
        for watch in self.watches:
            if watch.running and watch.running.process.poll() is not None:
                self._bury(watch, now)
            if watch.running is None and now >= watch.start_at:
                self._start(watch)
            if watch.service.works and not watch.has_worked:
                watch.has_worked = watch.service.works()
        if self.undertaker.has_died():
            self._replace_undertaker()
        if self.wishes.reload:
            self.wishes.reload = False
            self._reload()

    def _start(self, watch: Watch) -> None:
        watch.has_worked = False
        watch.running = start(watch.service, self.environment)
        self.undertaker.watch(watch.running.session)

    def _bury(self, watch: Watch, now: float) -> None:
        """Note the death, end what the dead left behind, and set the time of the next start."""
        running = watch.running
        assert running is not None  # noqa: S101 - the caller has just seen it die
        watch.running = None
        code = running.process.returncode
        end_session(running.session, patience=LEFTOVER_SECONDS)
        self.undertaker.forget(running.session)
        quick = not watch.has_worked and now - running.since < QUICK_SECONDS
        watch.deaths_in_a_row = watch.deaths_in_a_row + 1 if quick else 1
        # A kill -9 comes from outside (a person, a machine out of memory): no reason to give up.
        watch.quick_deaths = watch.quick_deaths + (code != -signal.SIGKILL) if quick else 0
        if watch.quick_deaths >= QUICK_DEATHS_ALLOWED:
            raise KeepsDying(_obituary(watch.service, running))
        pause = min(LONGEST_PAUSE_SECONDS, 0.25 * 2 ** (watch.deaths_in_a_row - 1))
        watch.start_at = now + pause
        say(
            f"{watch.service.name} {_manner(code)}; starting it again in {pause:g} s", who="trouble"
        )

    def _replace_undertaker(self) -> None:
        self.undertaker = Undertaker()
        for watch in self.watches:
            if watch.running:
                self.undertaker.watch(watch.running.session)

    def _reload(self) -> None:
        for watch in self.watches:
            if watch.running and watch.service.name == "web":
                say("reloading the web; requests in progress are finished first")
                watch.running.signal(signal.SIGHUP)

    def stop_all(self) -> None:
        """Beat first (no new work), then web (requests end), then the worker (tasks end)."""
        give_up = time.monotonic() + STOP_SECONDS
        for watch in sorted(self.watches, key=_stopping_place):
            if watch.running is None:
                continue
            watch.running.signal(signal.SIGTERM)
            self._wait_for(watch.running, give_up)
            end_session(watch.running.session, patience=0.0)
            watch.running.process.wait()
            self.undertaker.forget(watch.running.session)
            watch.running = None

    def _wait_for(self, running: Running, give_up: float) -> None:
        until = min(give_up, time.monotonic() + running.service.stop_seconds)
        while not self.wishes.hurry and time.monotonic() < until:
            if running.wait(LOOK_EVERY_SECONDS):
                return
        say(f"{running.service.name} does not stop by itself; ending it", who="trouble")


STOPPING_ORDER = ("beat", "web", "worker")


def _stopping_place(watch: Watch) -> int:
    name = watch.service.name
    return STOPPING_ORDER.index(name) if name in STOPPING_ORDER else len(STOPPING_ORDER)


def _terminal_is_gone() -> bool:
    try:
        os.tcgetpgrp(0)
    except OSError:
        return True
    return False


def _manner(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _obituary(service: Service, running: Running) -> str:
    said = " / ".join(running.last_words) or "it said nothing"
    return (
        f"The {service.name} process died {QUICK_DEATHS_ALLOWED} times right after its start "
        f"({_manner(running.process.returncode)}). Its last words: {said}"
    )
