"""How good the engine is, on data it has never seen: one module a task, one protocol each.

Read-only and without a database. Data lies in a folder beside the project or wherever `--data`
points; nothing of it is shipped. A task computes every figure it reports when it is asked.
"""

from .report import Missing, Report
from .tasks import TASKS, Task

__all__ = ["TASKS", "Missing", "Report", "Task"]
