"""What `make run` says when it cannot start: a clear paragraph, before anything was begun."""

import errno
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from community.runner import prepare
from community.runner.checks import (
    CannotStart,
    check_folder,
    check_port,
    check_python,
    check_space,
)
from community.runner.folder import FolderLock
from community.runner.options import parse
from community.secret_key import read_or_create

Usage = namedtuple("Usage", "total used free")


def test_an_old_python_is_named_with_the_one_that_is_needed() -> None:
    with pytest.raises(CannotStart, match=r"Python 3\.9\.2.* 3\.11"):
        check_python((3, 9, 2))
    check_python((3, 11, 0))


def test_the_preparation_refuses_an_old_python_before_it_touches_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(os, "chdir", lambda _: pytest.fail("went on"))
    with pytest.raises(SystemExit) as ended:
        prepare.main("run")
    assert ended.value.code == 1
    assert "needs Python 3.11" in capsys.readouterr().err


@pytest.mark.letter("F10")
def test_a_taken_port_is_refused_and_its_owner_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart) as refused:
            check_port("127.0.0.1", port)
    assert f"Port {port} is taken" in str(refused.value)
    assert f"process {os.getpid()}" in str(refused.value)
    assert "make run PORT=" in str(refused.value)


def test_a_port_that_others_share_is_taken_too() -> None:
    """The web server opens its port so that several processes can share it: so would a second."""
    with (
        socket.create_server(("127.0.0.1", 0), reuse_port=True) as server,
        pytest.raises(CannotStart, match="taken"),
    ):
        check_port("127.0.0.1", server.getsockname()[1])


def test_a_port_that_was_just_left_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eight", "8000.0", "", "٨٠٠٠"])
def test_what_is_no_port_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--port", text])
    assert ended.value.code == 2
    assert "not a port" in capsys.readouterr().err


def test_a_data_folder_of_any_name_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "潮 池" / 'it\'s $HOME "quoted"'
    check_folder(folder)
    assert folder.is_dir()
    assert not list(folder.iterdir())


@pytest.mark.letter("F10")
def test_a_file_in_the_way_of_the_data_folder_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("mine")
    for folder in (in_the_way, in_the_way / "below"):
        with pytest.raises(CannotStart, match="a file is in its way"):
            check_folder(folder)
    assert in_the_way.read_text() == "mine"


@pytest.mark.letter("F10")
@pytest.mark.parametrize(
    ("number", "words"), [(errno.EROFS, "cannot be written"), (errno.ENOSPC, "is full")]
)
def test_a_data_folder_that_takes_no_file_is_refused(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(CannotStart, match=words):
        check_folder(tmp_path)


@pytest.mark.letter("F10")
def test_a_nearly_full_disk_is_refused_with_what_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10, 150_000_000))
    with pytest.raises(CannotStart, match="150 MB free"):
        check_space(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 0, 200_000_000))
    check_space(tmp_path)


@pytest.mark.letter("F10")
def test_a_second_rockpool_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    first.take(port=8000)
    with pytest.raises(CannotStart, match=f"process {os.getpid()}"):
        FolderLock(tmp_path).take(port=8001)
    first.release()
    FolderLock(tmp_path).take(port=8001)


def test_what_a_killed_runner_left_is_waited_for(tmp_path: Path) -> None:
    """Its number in the file is dead, while what it left still holds the lock for a moment."""
    leftover = FolderLock(tmp_path)
    leftover.take(port=8000)
    leftover.path.write_text("999999999\n8000\n")
    ending = threading.Timer(0.3, leftover.release)
    ending.start()
    FolderLock(tmp_path).take(port=8000, patience=10)
    ending.join()


def test_processes_that_start_at_once_agree_on_one_secret_key(tmp_path: Path) -> None:
    data, keys = tmp_path / "new", []
    together = threading.Barrier(16)

    def start() -> None:
        together.wait()
        keys.append(read_or_create(data))

    starting = [threading.Thread(target=start) for _ in range(16)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 50
    assert [path.name for path in data.iterdir()] == ["secret_key"]
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_step_is_done_again_only_when_what_it_depends_on_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "requirements.txt", tmp_path / "stamp"
    source.write_text("django==5.2")
    before = prepare.fingerprint("3.11", files=[source])
    assert not prepare.is_done(stamp, before)
    stamp.write_text(before)
    source.touch()
    assert prepare.is_done(stamp, prepare.fingerprint("3.11", files=[source]))
    assert not prepare.is_done(stamp, prepare.fingerprint("3.12", files=[source]))
    source.write_text("django==5.3")
    assert not prepare.is_done(stamp, prepare.fingerprint("3.11", files=[source]))
