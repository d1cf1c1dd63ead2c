"""Keywords: the file is known by its form, and the figure counts what it says it counts."""

import pytest

from community.text.idf import IdfTable
from feeds.evaluation import Missing
from feeds.evaluation.keywords import Labelled, figures_of, parse, run, title_and_body

ROWS = [
    "to keywords\t研究了陶瓷釉料的配方。釉料的颜色来自氧化铁。 陶瓷釉料配方研究\t陶瓷_釉料_配方",
    "to keywords\t观察咖啡烘焙的温度变化。烘焙决定风味。 咖啡烘焙温度\t咖啡_烘焙",
] * 6


def quiet(text: str) -> None:
    pass


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "words.tsv").write_text("\n".join(ROWS), encoding="utf-8")
    (tmp_path / "classes.tsv").write_text("to category\t陶瓷釉料配方研究\t工学\n" * 40)
    (tmp_path / "heads.txt").write_text("陶瓷展览今天开幕_!_3\n" * 40)
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00" * 99)
    return tmp_path


def test_the_file_is_found_by_its_form_whatever_its_name(folder):
    report = run(folder, name=None, test=None, say=quiet)
    assert report.data == "words.tsv"
    assert report.settings["measured"] == 6
    assert set(report.figures) == {"f1@5", "precision@5", "recall@5"}


def test_all_rows_of_a_test_file_are_measured(folder, tmp_path):
    test = tmp_path / "apart" / "test.tsv"
    test.parent.mkdir()
    test.write_text(ROWS[1] + "\n", encoding="utf-8")
    report = run(folder, name=None, test=test, say=quiet)
    assert (report.data, report.settings["measured"]) == ("test.tsv", 1)


def test_a_folder_without_such_a_file_is_missing_data(tmp_path):
    (tmp_path / "heads.txt").write_text("陶瓷展览今天开幕_!_3\n" * 40)
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Missing):
            run(folder, name=None, test=None, say=quiet)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。另一句. 题目", ("题目", "一句。另一句. ")),
        ("只有一句话", ("", "只有一句话")),
        ("完。 " + "长" * 101, ("", "完。 " + "长" * 101)),
        ("", ("", "")),
    ],
)
def test_the_title_stands_behind_the_last_full_stop(text, expected):
    assert title_and_body(text) == expected


def test_lines_without_keywords_are_no_rows():
    assert parse("no tab here") is None
    assert parse("text\t") is None
    assert parse("text\tＡ_a_b").keywords == {"a", "b"}


def test_exact_matches_are_counted_against_both_lists():
    row = Labelled("陶瓷", "", frozenset({"陶瓷", "别的", "更多"}))
    figures = figures_of([row], IdfTable.fit(["陶瓷"]))
    assert figures["precision@5"] == 1
    assert figures["recall@5"] == pytest.approx(1 / 3)
    assert figures["f1@5"] == pytest.approx(2 / 4)
    nothing = figures_of([Labelled("", "", frozenset({"x"}))], IdfTable.fit(["陶瓷"]))
    assert set(nothing.values()) == {0.0}
