"""manage.py evaluate: measure the engine against published figures."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from feeds.evaluation import TASKS, Missing, Report, Task
from feeds.evaluation.table import put_into, table_of, trade_plot
from feeds.evaluation.tasks import default_data


class Command(BaseCommand):
    help = "Measure the engine on held-out data, with published figures beside ours."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", nargs="?", choices=list(TASKS), help="one task")
        parser.add_argument("--all", action="store_true", help="every task on its usual data")
        parser.add_argument("--data", type=Path, help="folder laid out like the usual data's")
        parser.add_argument("--name", help="prefix or name of the set within the folder")
        parser.add_argument("--test", type=Path, help="file of held-out rows to measure on")
        parser.add_argument("--json", action="store_true", help="one JSON object of figures")
        parser.add_argument(
            "--write", type=Path, help="put the table into this document, and plots beside it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"] == bool(options["task"]):
            raise CommandError("Name one task, or say --all.")
        if options["all"] and (options["data"] or options["name"] or options["test"]):
            raise CommandError("--data, --name and --test go with one task.")
        reports, missing = [], []
        for task in TASKS.values() if options["all"] else [TASKS[options["task"]]]:
            try:
                reports += self._reports(task, options)
            except Missing as absent:
                if not options["all"]:
                    raise CommandError(f"{task.name}: {absent}") from None
                missing.append(f"{task.name}: {absent}")
                self.stderr.write(f"{task.name}: skipped, {absent}")
        self._answer(reports, options)
        if missing and not reports:
            raise CommandError("No task had its data.")

    def _reports(self, task: Task, options: dict[str, Any]) -> list[Report]:
        chosen = {"test": options["test"], "say": self._say(options)}
        if options["data"] is not None:
            return [task.run(options["data"], name=options["name"], **chosen)]
        sets = [s for s in task.sets if options["name"] in (None, s[1])] or [
            (task.sets[0][0], options["name"])
        ]
        return [task.run(default_data() / folder, name=name, **chosen) for folder, name in sets]

    def _say(self, options: dict[str, Any]) -> Any:
        """Progress goes to standard error, so that standard output holds figures only."""
        return (lambda text: None) if options["verbosity"] == 0 else self.stderr.write

    def _answer(self, reports: list[Report], options: dict[str, Any]) -> None:
        if options["json"]:
            figures = [report.as_json() for report in reports]
            answer = figures[0] if len(figures) == 1 else {"reports": figures}
            self.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(table_of(reports))
        if options["write"]:
            put_into(options["write"], table_of(reports))
            for report in reports:
                if report.plot:
                    options["write"].with_name(f"{report.task}.svg").write_text(trade_plot(report))
