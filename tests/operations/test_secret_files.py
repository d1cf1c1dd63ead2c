"""A secret stands in a setting or in the file that another names, and never silently in neither."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from community.secret_files import secret


def test_the_setting_its_file_or_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tide"
    path.write_text("high\n")
    assert secret("TIDE", "low", environment={}) == "low"
    assert secret("TIDE", "low", environment={"TIDE": " spring "}) == "spring"
    assert secret("TIDE", "low", environment={"TIDE_FILE": str(path)}) == "high"
    monkeypatch.setenv("ROCKPOOL_TIDE_FILE", str(path))
    assert secret("ROCKPOOL_TIDE") == "high"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tide"
    path.write_bytes(b"\xff\xfe\x00")
    empty = tmp_path / "empty"
    empty.write_text("\n")
    for environment, said in (
        ({"TIDE": "1", "TIDE_FILE": str(path)}, "Set TIDE or TIDE_FILE, not both"),
        ({"TIDE_FILE": str(path)}, "it is no text"),
        ({"TIDE_FILE": str(tmp_path / "none")}, "No such file"),
        ({"TIDE_FILE": str(empty)}, "names an empty file"),
    ):
        with pytest.raises(ImproperlyConfigured, match=said):
            secret("TIDE", "low", environment=environment)
