"""The tasks `manage.py evaluate` knows, by name; each module is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report


@dataclass(frozen=True, slots=True)
class Task:
    """One task: its module in this package, and what it measures by default.

    `sets` are (folder inside the data folder, name of the set) that `--all` and a bare task name
    measure; with `--data` the given folder and name take their place.
    """

    name: str
    about: str
    sets: tuple[tuple[str, str | None], ...]

    @property
    def run(self) -> Callable[..., Report]:
        """run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]).

        Raises report.Missing where the data is not there or not of the expected form.
        """
        module = import_module(f"{__package__}.{self.name}")
        function: Callable[..., Report] = module.run
        return function


TASKS = {
    task.name: task
    for task in (
        Task("collaborative", "what similar people liked, full ranking", (("gowalla", None),)),
        Task("sequences", "the next item", (("sequences", "Beauty"), ("sequences", "LastFM"))),
        Task("cold", "unseen items from their tags", (("cold-items", None),)),
        Task("places", "places somebody will visit", (("checkins", None),)),
        Task("keywords", "keywords of a text", (("chinese", None),)),
        Task("channel", "the channel of a headline", (("chinese", None),)),
        Task("diversity", "variety against accuracy", (("cold-items", None),)),
        Task("pools", "the pool promise, simulated", ((".", None),)),
    )
}


def default_data() -> Path:
    """Where the data lies unless `--data` says otherwise: beside the project."""
    return Path(__file__).resolve().parents[3] / "shared" / "data"
