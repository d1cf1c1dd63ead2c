"""Reports from readers, cases of staff, decisions, appeals, and the log of all of them."""

from .appeal import Appeal
from .case import Case, CaseThing
from .decision import Decision, Strike
from .guideline import Guideline
from .log import LogLine
from .report import Report

__all__ = [
    "Appeal", "Case", "CaseThing", "Decision", "Guideline", "LogLine", "Report", "Strike",
]  # fmt: skip
