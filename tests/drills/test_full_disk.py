"""The disk of the data folder is full while people write, and then there is room again."""

from __future__ import annotations

import errno
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.drills.house import Community, call, upload
from tests.drills.photos import photo
from tests.running.test_runner import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

MEGABYTES = 420
ROUNDS = 15


def may_mount() -> bool:
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return (
        bool(shutil.which("unshare"))
        and not subprocess.run(probe, check=False, capture_output=True).returncode
    )


class SmallDisk(Community):
    """Everything of it lives on a small disk of its own, seen from outside through /proc."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        copied = data.parent / "copied"
        data.rename(copied)
        data.mkdir()
        self.holder = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c",
             f"mount -t tmpfs -o size={MEGABYTES}m none '{data}' && echo there && exec sleep 3600"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.holder.stdout is not None
        assert self.holder.stdout.readline() == "there\n"
        self.seen = Path(f"/proc/{self.holder.pid}/root{data}")
        shutil.copytree(copied, self.seen, dirs_exist_ok=True)
        # SQLite would follow the path of /proc back to the folder outside.
        where = ["-t", str(self.holder.pid), "-U", "-m", f"--wd={ROOT}"]
        self.within = ["nsenter", "--preserve-credentials", *where]

    def end(self) -> None:
        super().end()
        self.holder.kill()
        self.holder.wait()

    def fill(self) -> None:
        """Until not a page fits in."""
        with (self.seen / "filler").open("wb", buffering=0) as file:
            for size in (1_000_000, 4_096):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise


@pytest.mark.letter("F2")
@pytest.mark.skipif(not may_mount(), reason="needs unshare and a disk of its own")
def test_a_full_disk_says_so_keeps_nothing_half_and_heals(tmp_path: Path, figure) -> None:
    community = SmallDisk(tmp_path / "data")
    try:
        drill(community, figure)
    finally:
        community.end()


def drill(community: SmallDisk, figure) -> None:
    scene = community.act("writers", 2, 1)
    one, other = scene["people"]
    community.start(ROCKPOOL_WEB_PROCESSES="1")
    comments = f"/api/v1/notes/{scene['note']}/comments/"
    pictures = f"/api/v1/notes/{one['drafts'][0]}/pictures/"
    accepted: list[str] = []

    def comment(words: str) -> int:
        # Long enough that no page of the database has room for it.
        body = {"body": words + " tide" * 90}
        status, _said = call(community.port, comments, token=other["token"], body=body, timeout=60)
        if status == 201:
            accepted.append(words)
        return status

    assert comment("before") == 201
    community.fill()
    told: Counter[int] = Counter()
    for number in range(ROUNDS):
        told[comment(f"full {number}")] += 1
        status, _said = upload(
            community.port, pictures, token=one["token"], name="a.jpg", content=photo(number)
        )
        told[status] += 1
        community.fill()
    read = call(community.port, f"/notes/{scene['note']}/")[0]
    (community.seen / "filler").unlink()

    began = time.monotonic()
    while comment(f"after {time.monotonic()}") != 201:
        assert time.monotonic() - began < 30, community.running.said[-20:]
        time.sleep(0.2)
    healed = time.monotonic() - began
    assert set(told) <= {201, 503, 507}, told
    assert told[503] + told[507], "nothing was refused: this drill showed nothing"
    assert read in (200, 503)
    assert community.rows("PRAGMA integrity_check") == [("ok",)]
    kept = {
        body.split(" tide")[0] for (body,) in community.rows("SELECT body FROM community_comment")
    }
    assert kept == set(accepted)
    leftovers = [path for path in (community.seen / "media").rglob("*") if path.suffix == ".part"]
    assert leftovers == []
    community.running.process.terminate()
    community.running.process.wait(60)
    community.audit()
    refused = " ".join(f"{status} × {number}" for status, number in sorted(told.items()))
    figure(f"{2 * ROUNDS} writes on a full disk: {refused}; healed in {healed:.1f} s, nothing half")
