"""manage.py explain_pool NOTE: the arithmetic of every step of a note through the pools.

Each verdict is worked out again from the logged figures alone: exit 1 where the log says otherwise.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from community.operations.commands import CommunityCommand
from feeds.models import PoolEntry, PoolTransition
from feeds.pool_page import sentence
from feeds.pool_proof import Logged, Proof, prove


class Command(CommunityCommand):
    help = "Print the arithmetic of a note's way through the pools, and check it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("note", type=int, help="number of the note")

    def handle(self, *args: Any, **options: Any) -> None:
        # No database has a number beyond these.
        known = PoolEntry.objects.filter(pk=options["note"]) if 0 < options["note"] < 2**63 else []
        entry = next(iter(known), None)
        if entry is None:
            raise CommandError(f"Note {options['note']} never met the pools.")
        arms = f", in arms {entry.trial} of experiments" if entry.trial else ""
        self.stdout.write(f"Note {entry.pk}: {entry.state} in P{entry.tier}{arms}")
        doubtful = 0
        for step in PoolTransition.objects.filter(note=entry.pk):
            doubtful += not self._explain(step)
        if doubtful:
            self.stdout.write(f"{doubtful} verdict(s) do not follow from their figures.")
            raise SystemExit(1)

    def _explain(self, step: PoolTransition) -> bool:
        """Print a step; False where its verdict does not follow from its figures."""
        self.stdout.write(f"\n{step.at:%Y-%m-%d %H:%M:%S}  {sentence(step.reason, step.figures)}")
        if step.from_tier is None or step.rate is None:  # no gate decided it
            for name, value in step.figures.items():
                self._line(name, value if isinstance(value, str) else f"{value:g}")
            return True
        logged = Logged(
            step.from_tier, step.to_tier, step.state, step.reason, step.figures, step.rate
        )
        proof = prove(logged)
        if proof.verdict is not None:
            self._arithmetic(step)
        self._line("worked out again", _outcome(proof))
        return proof.holds or proof.unknown

    def _arithmetic(self, step: PoolTransition) -> None:
        f = step.figures
        age = f["age_seconds"] / 3600
        self._line("promised", f"{f['promised']:g} views in {f['hours']:g} h (P{step.from_tier})")
        self._line("delivered", f"{f['delivered']:g} after {age:.2f} h")
        if views := f.get("discounted_views"):
            self._line("left out", f"{views:g} views by rings or farms")
        if acts := f.get("discounted_acts"):
            self._line("discounted", f"{acts:g} acts, less {f['discounted_score']:.4g}")
        self._line("engagement", f"{f['engagement']:.6g}")
        self._line("rate", f"{f['engagement']:.6g} / {f['delivered']:g} = {f['rate']:.6f}")
        self._line("bound", f"Wilson, z = {f['wilson_z']:g}: {f['lower_bound']:.6f}")
        self._line("usual", _usual(f))
        self._line("gate", f"{f['usual']:.6f} x {f['gate_factor']:g} = {f['gate']:.6f}")
        sign = ">" if f["lower_bound"] > f["gate"] else "<="
        least = min(f["least_impressions"], f["promised"])
        self._line("verdict", f"{f['lower_bound']:.6f} {sign} {f['gate']:.6f}: {step.reason}")
        self._line("rules", f"at least {least:g} views to judge; policy {f.get('policy', 0):g}")

    def _line(self, name: str, text: str) -> None:
        self.stdout.write(f"  {name:17} {text}")


def _usual(f: dict[str, float]) -> str:
    prior = f"{f['prior_rate']:g} x {f['prior_notes']:g}"
    if not f["records"]:
        return f"no records yet: the prior, {f['usual']:.6f}"
    total = f["records"] + f["prior_notes"]
    return f"({f['median']:.6f} x {f['records']:g} + {prior}) / {total:g} = {f['usual']:.6f}"


def _outcome(proof: Proof) -> str:
    if proof.unknown:
        return "not possible: logged before its rules were kept"
    return "the same" if proof.holds else "DIFFERS in " + ", ".join(proof.differs)
