"""Prepare an uploaded picture: decode it in a limited child process, keep only what was re-encoded.

The child writes into a hidden folder inside the target; the files are moved when all are there,
so the target never shows half a picture.
"""

import errno
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from community.media.errors import REFUSAL_CODES, PictureFailed, PictureRefused
from community.media.facts import ProcessedPicture
from community.media.limits import CHILD_LIMITS, ChildLimits

log = logging.getLogger(__name__)

_STAGING_PREFIX: Final = ".incoming-"
_STAGING_ABANDONED_AFTER: Final = timedelta(minutes=10)
_BOOT: Final = """
import sys, types
room = types.ModuleType("community")
room.__path__ = [sys.argv[1]]
sys.modules["community"] = room
from community.media.child import main
main(sys.argv[2:])
"""
"""Stands in for `python -m community.media.child`, which would import the front hall's package,
and with it Celery and Django: seconds for each picture, and the settings within a decoder's reach.
"""
_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
"""All that the child inherits: no secrets, and no thread pools reserving memory."""
_DECODER_CRASHES: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL)


def process_picture(
    source: Path, target_dir: Path, *, limits: ChildLimits = CHILD_LIMITS
) -> ProcessedPicture:
    """Write every rendition of the picture file `source` into `target_dir`, and describe it.

    Raises PictureRefused when the picture is at fault, PictureFailed when we are (try again), and
    OSError when the disk is. After any of them nothing new is in `target_dir`.
    """
    return _process("picture", source, target_dir, limits)


def process_avatar(
    source: Path, target_dir: Path, *, limits: ChildLimits = CHILD_LIMITS
) -> ProcessedPicture:
    """Like `process_picture`, for the central square at the avatar sizes (`96.webp`, ...)."""
    return _process("avatar", source, target_dir, limits)


@contextmanager
def staged(target_dir: Path) -> Iterator[Path]:
    """A folder to write in; its files appear in `target_dir` when the block ends well."""
    target_dir.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target_dir)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=target_dir))
    try:
        yield staging
        _move_all(staging, target_dir)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _process(kind: str, source: Path, target_dir: Path, limits: ChildLimits) -> ProcessedPicture:
    with staged(target_dir) as staging:
        ended = _run_child(kind, source, staging, limits)
        return ProcessedPicture.from_json(_answer_of(ended))


def _run_child(
    kind: str, source: Path, staging: Path, limits: ChildLimits
) -> subprocess.CompletedProcess[bytes]:
    room = Path(__file__).resolve().parent.parent
    bounds = {
        "cpu": max(1, round(limits.cpu.total_seconds())),
        "address_space": limits.address_space,
        "file_size": limits.file_size,
    }
    command = [sys.executable, "-I", "-c", _BOOT, str(room), kind]
    command += [str(source.resolve()), str(staging.resolve()), json.dumps(bounds)]
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_ENVIRONMENT,
            cwd=staging,
            timeout=limits.wall.total_seconds(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureRefused("too_slow") from None


def _answer_of(ended: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """What the child reported, or the error that its answer or its end stands for."""
    if ended.returncode != 0:
        raise _fault_of(ended)
    answer = json.loads(ended.stdout)
    if answer.get("refused") in REFUSAL_CODES:
        raise PictureRefused(answer["refused"])
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    picture: dict[str, Any] = answer["picture"]
    return picture


def _fault_of(ended: subprocess.CompletedProcess[bytes]) -> Exception:
    if ended.returncode == -signal.SIGXCPU:
        return PictureRefused("too_slow")
    if ended.returncode == -signal.SIGXFSZ:
        return OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if -ended.returncode in _DECODER_CRASHES:
        return PictureRefused("not_a_picture")
    report = ended.stderr.decode(errors="replace")[-2000:]
    log.error("The decoding child ended with %s: %s", ended.returncode, report)
    return PictureFailed(f"The decoding child ended with {ended.returncode}.")


def _move_all(staging: Path, target_dir: Path) -> None:
    """Move every file, or none: what was moved is taken away again when one cannot be."""
    moved: list[Path] = []
    try:
        for path in sorted(staging.iterdir()):
            moved.append(path.replace(target_dir / path.name))
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        raise


def _remove_abandoned(target_dir: Path) -> None:
    """What a killed worker left behind, once nobody can still be writing there."""
    oldest = time.time() - _STAGING_ABANDONED_AFTER.total_seconds()
    for path in target_dir.glob(f"{_STAGING_PREFIX}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
