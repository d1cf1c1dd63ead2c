"""python manage.py doctor: is everything well, and if not, what is to be done? Exit 1 if it is not.

python manage.py doctor              # a line each
python manage.py doctor --json       # for programs
"""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from community.operations.doctor import absent_community, examine, is_well
from community.operations.findings import Finding, State


class Command(BaseCommand):
    help = "Check everything that an operator can get wrong, and say what to mend."
    # A house that is not in order must be examined all the same.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        logging.disable(logging.WARNING)  # the findings say it
        try:
            # Whoever asked a database that is not there would make it by asking.
            absent = absent_community()
            findings = [absent] if absent else examine(now=now)
        finally:
            logging.disable(logging.NOTSET)
        if options["json"]:
            said = {"ok": is_well(findings), "at": now.isoformat()}
            self.stdout.write(json.dumps(said | {"findings": [asdict(f) for f in findings]}))
        else:
            self._print(findings)
        if not is_well(findings):
            raise SystemExit(1)

    def _print(self, findings: list[Finding]) -> None:
        width = max(len(finding.name) for finding in findings)
        colours = {
            State.WELL: self.style.SUCCESS,
            State.WATCH: self.style.WARNING,
            State.MEND: self.style.ERROR,
        }
        for finding in findings:
            mark = finding.state.value.upper() if finding.state == State.MEND else finding.state
            line = f"{mark:5}  {finding.name:{width}}  {finding.said}"
            self.stdout.write(
                colours[finding.state](f"{line} -> {finding.mend}" if finding.mend else line)
            )
