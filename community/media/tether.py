"""Run one program on a tether: `python -I -S tether.py LIMITS PROGRAM ARGUMENTS...`.

Limits are set on this process, which then becomes the program: memory, processor time, size of
written files, low priority, and death together with whoever started it. A worker that is killed
leaves no ffmpeg behind. LIMITS is a JSON object of the arguments of `limit_self`.
"""

import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Each of ffmpeg's dozen threads reserves a stack as large as this allows.
_STACK = 2 * 1024 * 1024
_COURTESY = 10  # of nice: whoever waits for a page goes first


def main(arguments: list[str]) -> None:
    limits, *command = arguments
    limit_self(**json.loads(limits))
    os.execv(command[0], command)  # noqa: S606 - the caller's own absolute path, no shell


def limit_self(*, parent: int, cpu: int, address_space: int, file_size: int) -> None:
    """`cpu` in seconds, the others in bytes; `parent` is the process to die with."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the tether held
        sys.exit(1)
    os.nice(_COURTESY)
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK, _STACK))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
