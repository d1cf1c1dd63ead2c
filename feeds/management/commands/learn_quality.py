"""manage.py learn_quality: fit the weights of quality to what readers did, now."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from community.artefacts.models import Artefact
from community.operations.commands import CommunityCommand
from feeds.quality import standard, trainer


class Command(CommunityCommand):
    help = "Learn the weights of the quality dimensions; says why where they stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        version = trainer.learn(now=now)
        if version.state == Artefact.State.REFUSED:
            self.stdout.write(f"The weights stay as they are. {version.remark}")
            return
        standard.follow(now=now)
        before, after = (
            version.figures[name] for name in ("rank_correlation_of_default", "rank_correlation")
        )
        self.stdout.write(f"{version} is in force: rank correlation {after} against {before}.")
        for name, weight in version.figures["weights"].items():
            self.stdout.write(f"  {name:14} {weight:.3f}")
