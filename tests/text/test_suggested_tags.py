import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.idf import IdfTable
from community.text.keywords import suggest_tags

WHEEL = (
    "I tried the pottery wheel for the first time today. Centering the clay is so hard! "
    "The studio gave us two hours and all the clay we wanted."
)
COFFEE = "周末去了西湖边的咖啡馆，手冲很好喝，环境安静，适合办公。咖啡馆在北山街，人不多。"


def names(**note) -> list[str]:
    return [suggestion.name for suggestion in suggest_tags(**note)]


def test_the_telling_phrase_comes_first_in_english_and_chinese():
    assert names(title="My first pottery wheel class", body=WHEEL)[0] == "pottery wheel"
    assert names(title="杭州咖啡馆推荐", body=COFFEE)[0] == "咖啡馆"


def test_a_word_of_the_title_beats_the_same_in_the_body():
    suggestions = names(title="景德镇", body="泉州，不远")
    assert suggestions.index("景德镇") < suggestions.index("泉州")


def test_no_stop_words_numbers_or_single_characters():
    assert names(title="2024 的", body="茶 123 456 and the of 我们 3.14") == []


def test_a_model_number_stays_with_its_name():
    assert "iphone 15" in names(title="iPhone 15 拍照", body="")


def test_a_longer_phrase_absorbs_its_parts():
    suggestions = names(title="pottery wheel", body="pottery wheel, pottery wheel")
    assert suggestions == ["pottery wheel"]


def test_a_tag_the_community_uses_is_preferred_even_if_it_is_one_character():
    plain = suggest_tags(title="我家猫", body="猫 可爱")
    known = suggest_tags(title="我家猫", body="猫 可爱", known={"猫"})
    assert "猫" not in {s.name for s in plain}
    assert (known[0].name, known[0].why) == ("猫", "known")


def test_a_known_tag_may_hold_a_stop_word():
    assert "day in paris" in names(title="A day in Paris", body="", known={"day-in-paris"})


def test_rare_words_are_preferred_when_frequencies_are_known():
    idf = IdfTable.fit(["咖啡 生活"] * 50 + ["柴烧"])
    assert names(title="咖啡，柴烧", body="", idf=idf)[0] == "柴烧"
    assert names(title="咖啡，柴烧", body="")[0] == "咖啡"


def test_links_and_mentions_are_never_suggested():
    suggestions = names(title="", body="看 https://example.org/coffee @someone 陶艺")
    assert suggestions == ["陶艺"]


def test_scores_fall_from_one_and_the_limit_holds():
    suggestions = suggest_tags(title="杭州咖啡馆推荐", body=COFFEE, limit=3)
    scores = [suggestion.score for suggestion in suggestions]
    assert len(scores) == 3
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)


def test_the_reason_says_where_a_suggestion_comes_from():
    reasons = {
        s.name: s.why for s in suggest_tags(title="陶艺课", body="拉坯！拉坯！釉料", known={"釉料"})
    }
    assert reasons["拉坯"] == "repeated"
    assert reasons["釉料"] == "known"
    assert "title" in reasons.values()


def test_a_table_survives_json_and_keeps_the_most_frequent_words():
    table = IdfTable.fit(["a b", "a c", "a"], max_words=2)
    again = IdfTable.from_dict(json.loads(json.dumps(table.to_dict())))
    assert again == table
    assert again.unseen == table.unseen
    assert len(table) == 2
    assert table["a"] < table.get("b", table.unseen) <= table.unseen * 1.25


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_no_note_breaks_the_suggestions(title, body):
    for known in (None, {"a", "猫"}):
        for suggestion in suggest_tags(title=title, body=body, known=known):
            assert suggestion.name.strip()
            assert 0 < suggestion.score <= 1


@pytest.mark.parametrize("unit", ["杭州咖啡馆推荐", "pottery wheel ", "#a", "的"])
def test_a_megabyte_is_read_in_a_few_seconds(unit):
    started = time.process_time()
    suggest_tags(title=unit, body=unit * (1_000_000 // len(unit)))
    assert time.process_time() - started < 10
