"""Everything that an operator can get wrong, looked at once: the list of the checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import broker_checks, machine_checks, settings_checks, work_checks
from .findings import Check, Finding, State, must

CHECKS: tuple[Check, ...] = (
    settings_checks.environment,
    settings_checks.keys,
    settings_checks.names,
    settings_checks.proxies,
    settings_checks.figures,
    settings_checks.traces,
    machine_checks.folders,
    machine_checks.room,
    machine_checks.clock,
    machine_checks.built,
    machine_checks.video,
    work_checks.database,
    broker_checks.broker,
    work_checks.processes,
    work_checks.jobs,
    settings_checks.post,
    settings_checks.reach,
    settings_checks.deployment,
)


def absent_community() -> Finding | None:
    """No community in the data folder: its database is a file, and there is none."""
    if connection.vendor != "sqlite":
        return None
    if Path(str(connection.settings_dict["NAME"])).exists():
        return None
    return must(
        "community",
        f"none in {settings.DATA_DIR}: there is no database",
        "set ROCKPOOL_DATA to the folder of the community, or make a new one: python -m"
        " community.runner.opening",
    )


def examine(*, now: datetime, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Every finding of every check. One that raises is a finding too, and the others go on."""
    found: list[Finding] = []
    for check in checks:
        try:
            found.extend(check(now))
        except Exception as error:  # a sick house may answer with anything
            reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            found.append(must(check.__name__, f"cannot be checked ({reason})", "mend that first"))
    return found


def is_well(findings: Sequence[Finding]) -> bool:
    return all(finding.state != State.MEND for finding in findings)
