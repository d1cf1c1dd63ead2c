"""`manage.py sandbox`: try a policy on a throw-away community before anybody meets it."""

from __future__ import annotations

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
        parser.add_argument("--at-once", type=int, default=1, help="runs side by side")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--html", metavar="FILE")
        parser.add_argument("--docs", metavar="FILE",
                            help="renew the figures in this Markdown file")  # fmt: skip

    def handle(self, **options: Any) -> None:
        for name in ("days", "seeds", "people", "new", "impressions", "at_once"):
            if options[name] <= 0:
                raise CommandError(f"--{name.replace('_', '-')} must be above 0")
        if options["notes"] < 0 or options["ring"] < 0 or options["seed"] < 0:
            raise CommandError("--notes, --ring and --seed must be at least 0")
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
            impressions=options["impressions"], ring=options["ring"],
        )  # fmt: skip
        arms = {"default": Policy().to_dict(), "unconstrained": _policy(UNCONSTRAINED)}
        arms |= {Path(file).stem: _read(file) for file in options["policy"]}
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


def _read(file: str) -> dict[str, Any]:
    try:
        return _policy(orjson.loads(Path(file).read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    except PolicyError as error:
        raise CommandError(f"{file}: {'; '.join(error.problems)}") from error


def _policy(values: object) -> dict[str, Any]:
    return Policy.from_dict(values).to_dict()
