from __future__ import annotations

import io

import orjson
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from community.models import Channel, Note, NoteImage

from .conftest import SMALL, note, person


@pytest.fixture
def write(tmp_path):
    def file(lines, name="community.jsonl"):
        path = tmp_path / name
        path.write_bytes(
            b"".join(
                line if isinstance(line, bytes) else orjson.dumps(line) + b"\n" for line in lines
            )
        )
        return path

    return file


def run(*arguments):
    out = io.StringIO()
    call_command("import_community", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_says_what_it_did_and_refused_lines_go_to_the_error_stream(db, write, capsys):
    path = write([*SMALL, b"{oops\n"])
    table = run(path)
    assert "interaction            9" in table
    assert "refused lines          1" in table
    assert f"line {len(SMALL) + 1}: not JSON" in capsys.readouterr().err
    assert "interaction            0               9" in run(path)


def test_strict_ends_with_an_error_after_importing_the_rest(db, write):
    with pytest.raises(CommandError, match="1 lines were refused"):
        run(write([*SMALL, b"{oops\n"]), "--strict")
    assert Note.objects.count() == 2


def test_a_missing_file_is_told_in_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "nothing.jsonl")


def test_a_community_without_channels_is_told_to_open_one(db, write):
    Channel.objects.update(is_open=False)
    with pytest.raises(CommandError, match="channel"):
        run(write(SMALL))


def test_pictures_are_read_beside_the_file_and_nowhere_else(db, write, tmp_path, capsys):
    inside = tmp_path / "in"
    (inside / "pictures").mkdir(parents=True)
    for path in (inside / "pictures" / "a.jpg", tmp_path / "secret.jpg"):
        Image.new("RGB", (8, 8)).save(path)
    lines = [
        person("lin"),
        note("n-1", "lin", pictures=[{"file": "pictures/a.jpg"}]),
        note("n-2", "lin", pictures=[{"file": "../secret.jpg"}]),
        note("n-3", "lin", pictures=[{"file": str(tmp_path / "secret.jpg")}]),
    ]
    run(write(lines, "in/community.jsonl"))
    assert NoteImage.objects.count() == 1
    assert capsys.readouterr().err.count("lies outside the folder") == 2
