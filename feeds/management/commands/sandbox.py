"""`manage.py sandbox`: try a policy on a throw-away community before anybody meets it."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from feeds.policy import Policy, PolicyError
from feeds.sandbox.report import html, markdown, plots_of, table
from feeds.sandbox.running import Order, Result, RunFailed, run_all
from feeds.sandbox.world import Scale

# No note enters a pool, and none is lifted: the ranking as it would be without promises.
UNCONSTRAINED = {"pools": {"admit_days": 0, "promoted_factor": 1.0}}
# What may be asked for: from, to.
BOUNDS: dict[str, tuple[float, int]] = {
    "days": (0.01, 366),
    "seed": (0, 2**32 - 1),
    "seeds": (1, 1_000),
    "people": (1, 1_000_000),
    "notes": (0, 1_000_000),
    "new": (1, 100_000),
    "impressions": (1, 100_000_000),
    "ring": (0, 100_000),
    "ring_notes": (1, 100_000),
    "at_once": (1, 64),
}
MARK = "<!-- measured: make pools-report -->"


class Command(BaseCommand):
    help = (
        "Let a simulated community live some days on the real code, in a database of its own that"
        " is thrown away, and say what became of the pools' promises. The default policy, those of"
        " --policy FILE, and the ranking without pools are compared seed by seed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        scale = Scale()
        parser.add_argument("--days", type=float, default=3)
        parser.add_argument("--seed", type=int, default=1, help="the first seed")
        parser.add_argument("--seeds", type=int, default=1, help="how many seeds")
        parser.add_argument("--policy", action="append", default=[], metavar="FILE",
                            help="JSON of the settings that differ; may be repeated")  # fmt: skip
        parser.add_argument("--notes", type=int, default=scale.notes, help="live at the beginning")
        parser.add_argument("--new", type=int, default=scale.new, help="new notes a day")
        parser.add_argument("--impressions", type=int, default=scale.impressions, help="a day")
        parser.add_argument("--people", type=int, default=scale.people)
        parser.add_argument("--ring", type=int, default=0, metavar="ACCOUNTS",
                            help="add a ring, and the same community with an idle one")  # fmt: skip
        parser.add_argument("--ring-notes", type=int, default=scale.ring_notes, metavar="NOTES",
                            help="that the ring publishes a day")  # fmt: skip
        parser.add_argument("--at-once", type=int, default=1, help="runs side by side")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--html", metavar="FILE")
        parser.add_argument("--docs", metavar="FILE",
                            help="renew the figures in this Markdown file")  # fmt: skip

    def handle(self, **options: Any) -> None:
        for name, (least, most) in BOUNDS.items():
            if not least <= options[name] <= most:  # asked so, because NaN is in no range
                name = name.replace("_", "-")
                raise CommandError(f"--{name} must be from {least:g} to {most:,}")
        for name in ("html", "docs"):
            if options[name]:
                _refuse_what_cannot_be_written(Path(options[name]), to_renew=name == "docs")
        orders = self._orders(options)
        try:
            results = run_all(orders, at_once=options["at_once"])
        except RunFailed as error:
            raise CommandError(f"A run failed: {error}") from error
        if options["json"]:
            rows = [asdict(result) for result in results]
            self.stdout.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(table(results))
        if options["html"]:
            Path(options["html"]).write_text(html(results, orders[0]), encoding="utf-8")

        if options["docs"]:
            write_docs(Path(options["docs"]), results, orders[0])

    def _orders(self, options: dict[str, Any]) -> list[Order]:
        scale = Scale(
            people=options["people"], notes=options["notes"], new=options["new"],
            impressions=options["impressions"],
            ring=options["ring"], ring_notes=options["ring_notes"],
        )  # fmt: skip
        arms = {"default": Policy().to_dict(), "unconstrained": _policy(UNCONSTRAINED)}
        for file in options["policy"]:
            if (arm := Path(file).stem) in arms:
                raise CommandError(f"{file}: there is a policy “{arm}” already; rename the file")
            arms[arm] = _read(file)
        orders = [
            Order(arm, seed, options["days"] * 24, scale, policy)
            for seed in range(options["seed"], options["seed"] + options["seeds"])
            for arm, policy in arms.items()
        ]
        if options["ring"]:
            orders += [
                replace(order, arm="idle ring", scale=replace(scale, ring_acts=False))
                for order in orders
                if order.arm == "default"
            ]
        return orders


def write_docs(file: Path, results: list[Result], order: Order) -> None:
    """Renew what stands behind MARK, and the plots in the folder of the file's name."""
    folder = file.with_suffix("")
    folder.mkdir(exist_ok=True)
    for name, plot in plots_of(results).items():
        (folder / f"{name.replace('_', '-')}.svg").write_text(plot, encoding="utf-8")
    words = file.read_text(encoding="utf-8").split(MARK)[0]
    measured = markdown(results, order, folder.name)
    file.write_text(f"{words}{MARK}\n{measured}", encoding="utf-8")


def _refuse_what_cannot_be_written(file: Path, *, to_renew: bool) -> None:
    """Before anything runs, not after hours."""
    if to_renew and not file.is_file():
        raise CommandError(f"{file}: there is no such file to renew")
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise CommandError(f"{file} cannot be written")


def _read(file: str) -> dict[str, Any]:
    try:
        return _policy(orjson.loads(Path(file).read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    except PolicyError as error:
        raise CommandError(f"{file}: {'; '.join(error.problems)}") from error


def _policy(values: object) -> dict[str, Any]:
    return Policy.from_dict(values).to_dict()
