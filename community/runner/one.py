"""`python -m community.runner.one web|worker|beat`: become one of the three processes.

Where the broker is a server there may be several workers: `… one worker --queues media`.

For service managers that watch over each of them themselves; the commands are the runner's own.
What the runner does before it opens is `python -m community.runner.opening`.
"""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from .__main__ import allow_many_connections, environment_for
from .options import parse
from .services import ONE_THREAD, services_of


def main(arguments: list[str]) -> None:
    """The process is named first; the rest are the runner's options. Does not return."""
    name, options = "".join(arguments[:1]), parse(arguments[1:])
    try:
        services = {service.name: service for service in services_of(options)}
    except ImproperlyConfigured as error:
        sys.exit(f"A setting is missing or wrong. {error}")
    if name not in services:
        sys.exit(f"Name one of {', '.join(services)} first, and not {name!r}.")
    allow_many_connections()
    command = services[name].command
    os.execve(command[0], command, ONE_THREAD | environment_for(options))  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
