"""The demo pictures: every one can be drawn, opens as a picture, and comes out the same twice."""

from __future__ import annotations

import ast
import io
import time
from pathlib import Path
from random import Random

import pytest
from PIL import Image

import community.demo
from community.demo import demo_lines, demo_picture
from community.demo.canvas import Canvas
from community.demo.motifs import MOTIFS
from community.demo.palettes import PALETTES
from community.demo.pictures import RATIOS, WIDTH, draw

ENTRIES = {
    picture["file"]: picture
    for line in demo_lines()
    if line["type"] == "note"
    for picture in line["pictures"]
}
SAMPLE = sorted(ENTRIES)[::12]


def test_file_names_are_unique_and_there_are_neither_too_few_nor_too_many():
    listed = [p["file"] for line in demo_lines() for p in line.get("pictures", [])]
    assert len(listed) == len(set(listed))
    assert 80 <= len(listed) <= 110


def test_some_notes_have_no_picture_and_some_have_several():
    counts = [len(line["pictures"]) for line in demo_lines() if line["type"] == "note"]
    assert counts.count(0) >= 20
    assert sum(count >= 2 for count in counts) >= 10
    assert max(counts) <= 5


def test_every_picture_names_a_drawing_that_exists_and_says_what_it_shows():
    for picture in ENTRIES.values():
        drawing = picture["draw"]
        assert drawing["motif"] in MOTIFS
        assert drawing["palette"] in PALETTES
        assert drawing["ratio"] in RATIOS
        assert len(picture["alt"]) >= 6


def test_at_least_twenty_five_motifs_are_used_and_no_drawing_twice():
    drawings = [tuple(sorted(picture["draw"].items())) for picture in ENTRIES.values()]
    assert len(drawings) == len(set(drawings))
    assert len({picture["draw"]["motif"] for picture in ENTRIES.values()}) >= 25


@pytest.mark.parametrize("file", SAMPLE)
def test_a_picture_opens_at_its_promised_size(file):
    image = Image.open(io.BytesIO(demo_picture(file)))
    image.load()
    assert image.format == "JPEG"
    assert image.size == (WIDTH, round(WIDTH * RATIOS[ENTRIES[file]["draw"]["ratio"]]))


def test_an_unknown_file_is_refused():
    with pytest.raises(KeyError):
        demo_picture("n-001-99.jpg")


@pytest.mark.parametrize("ratio", sorted(RATIOS))
def test_every_motif_draws_something_in_every_ratio(ratio):
    started = time.perf_counter()
    for number, (name, motif) in enumerate(sorted(MOTIFS.items())):
        colours = PALETTES[sorted(PALETTES)[number % len(PALETTES)]]
        canvas = Canvas(width=160, ratio=RATIOS[ratio], ground=colours.paper)
        motif(canvas, colours, Random(number))
        darkest, lightest = canvas.finished().convert("L").getextrema()
        assert lightest - darkest > 60, name
    print(f"{len(MOTIFS)} small motifs in {time.perf_counter() - started:.2f} s")


def test_the_same_arguments_give_the_same_picture_and_another_seed_another():
    assert demo_picture(SAMPLE[0]) == demo_picture(SAMPLE[0])
    one, same, other = draw("sea", "dawn", 1), draw("sea", "dawn", 1), draw("sea", "dawn", 2)
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()


def test_the_demo_content_imports_no_django():
    folder = Path(community.demo.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.split(".")[0] == "django" for name in names), path.name
