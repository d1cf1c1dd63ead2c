"""Start ffmpeg with limits, listen to it while it works, and say what its end means.

The system's own ffmpeg where there is one, else the static one that `imageio-ffmpeg` ships.
"""

import errno
import json
import logging
import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from community.media.video_errors import VideoFailed, VideoRefused
from community.media.video_limits import VideoLimits

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between two calls of `meanwhile`."""

_COMPLAINT: Final = 4_000  # the last bytes of what it says are kept
_TETHER: Final = Path(__file__).with_name("tether.py")
# glibc reserves 64 MB of address space for each arena, and an arena for each thread.
_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
_DECODER_CRASHES: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE)
_OUT_OF_MEMORY: Final = (b"Cannot allocate memory", b"malloc of size", b"pthread_create() failed")
_ASKED_TO_STOP: Final = 255
"""Its exit code after a signal it could answer: SIGXCPU when its time is up, or a SIGTERM."""
_DISK_FULL: Final = b"No space left on device"
_FILE_TOO_LARGE: Final = b"File too large"


@cache
def program() -> str:
    """The absolute path of ffmpeg. Raises VideoFailed where there is none."""
    if own := shutil.which("ffmpeg"):
        return os.path.realpath(own)
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise VideoFailed("There is no ffmpeg for this machine: install one.") from error


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    cpu: timedelta,
    limits: VideoLimits,
    on_line: Callable[[str], None],
    meanwhile: Callable[[], None],
) -> None:
    """Run ffmpeg in `folder` until it ends well; `on_line` gets each line of its output.

    `meanwhile` is called every second or so, and whatever it or `on_line` raises ends ffmpeg at
    once. Raises VideoRefused, VideoFailed and OSError (the disk is full) for what ended it.
    """
    bounds = {
        "parent": os.getpid(),
        "cpu": max(1, round(cpu.total_seconds())),
        "address_space": limits.address_space,
        "file_size": limits.file_size,
    }
    command = [sys.executable, "-I", "-S", str(_TETHER), json.dumps(bounds), program()]
    command += ["-hide_banner", "-nostdin", "-nostats", "-v", "error", *arguments]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_ENVIRONMENT,
        cwd=folder,
    )
    used_before = _children_time()
    try:
        deadline = time.monotonic() + cpu.total_seconds() * limits.patience
        complaint = _listen(process, deadline, on_line, meanwhile)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    used = _children_time() - used_before
    _judge(process.returncode, complaint, time_is_up=used >= cpu.total_seconds() * 0.95)


def _children_time() -> float:
    """Seconds of processor that ended children of this process have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _listen(
    process: subprocess.Popen[bytes],
    deadline: float,
    on_line: Callable[[str], None],
    meanwhile: Callable[[], None],
) -> bytes:
    """Read both pipes until they close; the last that was said on standard error."""
    assert process.stdout is not None  # noqa: S101 - opened as a pipe, as is the other
    assert process.stderr is not None  # noqa: S101
    complaint, half, looked = b"", b"", time.monotonic()
    with selectors.DefaultSelector() as ears:
        ears.register(process.stdout, selectors.EVENT_READ)
        ears.register(process.stderr, selectors.EVENT_READ)
        while ears.get_map():
            for key, _events in ears.select(timeout=LOOK_EVERY):
                said = os.read(key.fd, 1 << 16)
                if not said:
                    ears.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    complaint = (complaint + said)[-_COMPLAINT:]
                else:
                    *lines, half = (half + said).split(b"\n")
                    for line in lines:
                        on_line(line.decode(errors="replace"))
            if time.monotonic() - looked >= LOOK_EVERY:
                looked = time.monotonic()
                meanwhile()
                if looked > deadline:
                    raise VideoRefused("too_demanding")
    process.wait()
    return complaint


def _judge(code: int, complaint: bytes, *, time_is_up: bool) -> None:
    """Raise what this end means; return where all went well."""
    if code == 0:
        return
    said = complaint.decode(errors="replace")[-1000:]
    log.info("ffmpeg ended with %s: %s", code, said)
    if _DISK_FULL in complaint:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    out_of_memory = any(sign in complaint for sign in _OUT_OF_MEMORY)
    if time_is_up or out_of_memory or _FILE_TOO_LARGE in complaint:
        raise VideoRefused("too_demanding")
    if code == _ASKED_TO_STOP or (code < 0 and -code not in _DECODER_CRASHES):
        raise VideoFailed(f"ffmpeg was ended from outside ({code}).")
    if b"matches no streams" in complaint:
        raise VideoRefused("no_picture")
    if b"moov atom not found" in complaint:  # the index, which cameras write last
        raise VideoRefused("truncated")
    raise VideoRefused("not_a_video")
