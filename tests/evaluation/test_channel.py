"""Channels of headlines: learnt on one part, measured on another, whatever the file's size."""

import pytest

from community.text.channels import ChannelClassifier
from feeds.evaluation import Missing
from feeds.evaluation.channel import (
    Headline,
    figures_of,
    held_out,
    parse,
    run,
)

FILMS = ["好看的电影推荐", "电影票房", "新电影上映", "电影院", "看电影"]
GAMES = ["足球比赛开始了", "篮球比赛", "足球进球", "比赛结果", "踢足球"]


def quiet(text: str) -> None:
    pass


def lines(mark="_!_"):
    pairs = zip(FILMS, GAMES, strict=True)
    return [line for film, game in pairs for line in (f"{film}{mark}a", f"{game}{mark}b")]


@pytest.mark.parametrize("mark", ["_!_", "\t"])
def test_ten_rows_of_two_classes_are_enough(tmp_path, mark):
    (tmp_path / "any.txt").write_text("\n".join(lines(mark)), encoding="utf-8")
    report = run(tmp_path, name=None, test=None, say=quiet)
    assert (report.settings["learnt"], report.settings["measured"]) == (8, 2)
    assert 0 <= report.figures["accuracy"] <= 1


def test_a_test_file_is_measured_whole_and_learnt_from_not_at_all(tmp_path):
    (tmp_path / "train.txt").write_text("\n".join(lines()), encoding="utf-8")
    test = tmp_path / "test.txt"
    test.write_text("这部电影_!_a\n这场足球比赛_!_b\n谁也不知道_!_c\n", encoding="utf-8")
    report = run(tmp_path, name=None, test=test, say=quiet)
    assert report.settings["learnt"] == 10
    assert report.figures["accuracy"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("text", ["一个_!_a\n" * 10, "一个_!_a\n两个_!_b\n", "no mark\n" * 9, ""])
def test_one_class_too_few_rows_or_another_form_is_missing_data(tmp_path, text):
    (tmp_path / "any.txt").write_text(text, encoding="utf-8")
    with pytest.raises(Missing):
        run(tmp_path, name=None, test=None, say=quiet)


def test_the_split_is_the_same_each_time_and_loses_nothing():
    rows = [Headline(str(n), "a") for n in range(23)]
    learnt, measured = held_out(rows)
    assert (learnt, measured) == held_out(rows)
    assert len(measured) == 4
    assert sorted(learnt + measured) == sorted(rows)


def test_headlines_that_were_learnt_from_are_left_out_of_the_unseen():
    rows = [parse(line) for line in lines()]
    model = ChannelClassifier.fit([r.text for r in rows], [r.label for r in rows])
    figures = figures_of(model, rows, [*rows[:4], Headline("足球", "a")])
    assert figures["accuracy"] == pytest.approx(4 / 5)
    assert figures["accuracy_unseen"] == 0
    assert figures["majority"] == pytest.approx(3 / 5)
