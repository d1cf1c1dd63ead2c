"""Checks of the machine: folders, room, clock, and what has to be built or installed."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from django.conf import settings
from django.db.models import Max
from django.utils.crypto import get_random_string

from accounts.file_store import StoreAway, private_root, read, write
from community.media import ffmpeg
from community.media.video_errors import VideoFailed
from community.outbox.models import Heartbeat
from community.runner.checks import LEAST_FREE_BYTES
from community.runner.folder import LOST_AND_FOUND

from .findings import Finding, must, watch, well

# Below this share of a disk, or this many bytes, somebody should begin to look for room.
LITTLE_SHARE, LITTLE_BYTES = 0.1, 2_000_000_000
LEAST_MEMORY_BYTES = 300_000_000
MOST_SKEW = timedelta(seconds=5)


def folders(now: datetime) -> Iterator[Finding]:
    """Every folder takes a file, and belongs to who runs this."""
    roots = {
        "data": settings.DATA_DIR,
        "media": settings.MEDIA_ROOT,
        "private": settings.PRIVATE_ROOT,
        "models": settings.MODELS_DIR,
    }
    if "media" in settings.STORAGES:
        del roots["media"], roots["private"]
        yield _store()
    refused = {name: why for name, root in roots.items() if (why := _refusal(Path(root)))}
    for name, why in refused.items():
        yield must(f"folder {name}", f"{roots[name]}: {why}", f"chown it to {_me()}, or mount it")
    strangers = sorted(_of_others(Path(settings.DATA_DIR)))
    if strangers:
        yield must(
            "owner",
            f"not {_me()}'s: {', '.join(strangers[:5])}",
            "run manage.py as the user of the service, and chown these to that user",
        )
    if not refused and not strangers:
        yield well("folders", f"{', '.join(roots)} can be written by {_me()}")


def _store() -> Finding:
    """The object store takes a file and gives it back."""
    probe = private_root() / "doctor" / get_random_string(22)
    try:
        write(io.BytesIO(b"tide"), probe)
        came_back = b"".join(read(probe, range(4)))
        probe.unlink(missing_ok=True)
    except (StoreAway, FileNotFoundError) as error:
        mend = "look at ROCKPOOL_MEDIA_URL: host, bucket, and what its key may do"
        return must("object store", f"{type(error).__name__} {error}", mend)
    if came_back != b"tide":
        return must("object store", "gave back something else", "look at what stands in between")
    return well("object store", "takes files and gives them back")


def room(now: datetime) -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    said = f"{usage.free / 1e9:,.1f} GB of {usage.total / 1e9:,.1f} GB free"
    if usage.free < LEAST_FREE_BYTES:
        yield must("disk", said, "free some room now: SQLite soon fails in the middle of a write")
    elif usage.free < min(LITTLE_BYTES, usage.total * LITTLE_SHARE):
        yield watch("disk", said, "free some room, or move the data folder to a larger disk")
    else:
        yield well("disk", said)
    free = psutil.virtual_memory().available
    said = f"{free / 1e6:,.0f} MB available"
    if free < LEAST_MEMORY_BYTES:
        yield watch("memory", said, "fewer ROCKPOOL_WEB_PROCESSES, or more memory")
    else:
        yield well("memory", said)


def clock(now: datetime) -> Iterator[Finding]:
    """Against the folder's clock (of another machine, where it is shared) and against the rows."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR) as probe:
        probe.write(b"tide")
        probe.flush()
        skew = timedelta(seconds=abs(os.fstat(probe.fileno()).st_mtime - time.time()))
    mend = "switch time synchronisation on: timedatectl set-ntp true"
    newest = Heartbeat.objects.aggregate(newest=Max("beaten_at"))["newest"]
    if skew > MOST_SKEW:
        yield must("clock", f"{skew.total_seconds():.0f} s off the data folder's", mend)
    elif newest is not None and newest > now + MOST_SKEW:
        ahead = (newest - now).total_seconds()
        yield must("clock", f"{ahead:.0f} s behind what another process wrote", mend)
    elif _is_synchronised() is False:
        yield watch("clock", "nothing sets it", mend)
    else:
        yield well("clock", "agrees with the data folder and with what was written")


def video(now: datetime) -> Iterator[Finding]:
    try:
        program = ffmpeg.program()
        answer = subprocess.run(
            [program, "-hide_banner", "-encoders"],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
    except (VideoFailed, OSError, subprocess.SubprocessError) as error:
        yield must("ffmpeg", f"cannot be run ({type(error).__name__})", "apt-get install ffmpeg")
        return
    if "libx264" not in answer.stdout:
        yield must("ffmpeg", f"{program} makes no H.264", "apt-get install ffmpeg")
    else:
        yield well("ffmpeg", f"{program}, with H.264")


def built(now: datetime) -> Iterator[Finding]:
    """Static files and translations are made from sources, and are as new as these."""
    yield _static_files()
    stale = [
        path.parent.parent.name
        for folder in settings.LOCALE_PATHS
        for path in Path(folder).glob("*/LC_MESSAGES/django.po")
        if not _is_newer(path.with_suffix(".mo"), path)
    ]
    if stale:
        yield must(
            "translations",
            f"not compiled: {', '.join(stale)}",
            "python3 community/runner/prepare.py run",
        )
    else:
        yield well("translations", "compiled")


def _static_files() -> Finding:
    mend = "manage.py collectstatic --noinput, then reload the web"
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    try:
        collected = json.loads(manifest.read_bytes())["paths"]
    except (OSError, ValueError, KeyError):
        return must("static files", "not collected: every page would fail", mend)
    for folder in settings.STATICFILES_DIRS:
        for path in Path(folder).rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and (name not in collected or not _is_newer(manifest, path)):
                return must("static files", f"older than the code ({name})", mend)
    return well("static files", f"{len(collected):,} collected")


def _refusal(folder: Path) -> str:
    """Why a folder takes no file, or ""; one that is not there yet is made when it is needed."""
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _of_others(folder: Path) -> Iterator[str]:
    """What in the data folder belongs to somebody else, and keys that others may read."""
    for path in folder.iterdir():
        if path.name == LOST_AND_FOUND:
            continue
        if path.lstat().st_uid != os.geteuid() or (
            path.name in ("secret_key", "vapid_key") and stat.S_IMODE(path.lstat().st_mode) & 0o077
        ):
            yield path.name


def _me() -> str:
    return psutil.Process().username()


def _is_synchronised() -> bool | None:
    """What systemd knows of it; None where there is no systemd."""
    asked = ["timedatectl", "show", "--property", "NTPSynchronized", "--value"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() == "yes"


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime
