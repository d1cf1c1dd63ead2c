"""`python -m community.runner.healthy`: exit 0 while our /healthz answers 200; for containers."""

from __future__ import annotations

import http.client
import sys

from .announcing import ask_health
from .options import parse

if __name__ == "__main__":
    status, answer = ask_health(parse(sys.argv[1:]))
    print(answer)
    sys.exit(0 if status == http.client.OK else 1)
