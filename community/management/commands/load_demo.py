"""python manage.py load_demo: fill a community with invented people, notes and pictures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from community import demo_loading as loading
from community import signals
from community.demo import demo_lines
from community.demo_brands import open_brands
from community.importing.cards import ask_for_cards
from community.importing.importer import import_lines
from community.operations.commands import CommunityCommand
from community.runner.console import DEMO_LOGINS

# Together well under the 20 s that opening may take; the worker does what is left.
DRAWING_BUDGET = timedelta(seconds=10)
SETTLING_BUDGET = timedelta(seconds=3)


class Command(CommunityCommand):
    help = "Load the demo community and print its log-ins. Safe to repeat."

    def handle(self, **_: Any) -> None:
        now = timezone.now()
        report = import_lines(
            loading.newest_notes_first(demo_lines()),
            source=loading.SOURCE,
            picture_job="demo.draw",
            cards=False,
            now=now,
        )
        for refusal in report.refused:
            self.stderr.write(f"The demo has a fault, {refusal}")
        ask_for_cards(loading.SOURCE)
        names = loading.open_accounts(now=now)
        open_brands(now=now)
        loading.settle(budget=SETTLING_BUDGET)
        loading.paint(budget=DRAWING_BUDGET)
        signals.community_loaded.send(sender=type(self), now=timezone.now(), demo=True)
        loading.settle(budget=SETTLING_BUDGET)
        self._tell(names)

    def _tell(self, names: list[str]) -> None:
        logins = [f"{name}  password: {loading.PASSWORD}" for name in names]
        path = Path(settings.DATA_DIR) / DEMO_LOGINS
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(logins) + "\n", encoding="utf-8")
        self.stdout.write("\n".join(["Log in as:", *logins]))
