import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.names import UsernameError, check_username, name_key

pytestmark = pytest.mark.letter("E13")


@pytest.mark.parametrize(
    ("name", "double"),
    [
        ("alice", "ALICE"), ("alice", "a1ice"), ("alice", "aIice"), ("alice", "al_i.c-e"),
        ("alice", "\u0430lice"), ("alice", "ａｌｉｃｅ"), ("alice", "álïcé"), ("bob", "b0b"),
        ("bob", "b\u03bfb"), ("alice", "ali\u200bce"), ("alice", "\u0430\u04cf\u0456\u0441\u0435"),
        ("王力", "王カ"), ("小工", "小エ"), ("Ivan", "ivan"),
    ],
)  # fmt: skip
def test_look_alikes_share_a_key(name, double):
    assert name_key(name) == name_key(double)


@pytest.mark.parametrize(
    ("one", "other"),
    [("alice", "alicia"), ("小明", "小名"), ("がく", "かく"), ("anna", "ana"), ("user1", "user2")],
)
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(st.characters(codec=None)))
def test_the_key_of_a_key_is_itself(name):
    key = name_key(name)
    assert name_key(key) == key


@pytest.mark.parametrize(
    "name", ["al", "小明", "小明_88", "Zoë", "o.k-z", "さくら", "김철수", "alice小店", "a" * 30]
)
def test_a_proper_username_is_accepted(name):
    check_username(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a", "too_short"), ("", "too_short"), ("a" * 31, "too_long"),
        ("a b", "bad_characters"), ("_ab", "bad_characters"), ("ab.", "bad_characters"),
        ("ab\n", "bad_characters"), ("a\u200bb", "bad_characters"), ("ａｂ", "bad_characters"),
        ("<b>", "bad_characters"), ("a/b", "bad_characters"), ("👍👍", "bad_characters"),
        ("\ud800\ud801", "bad_characters"), ("\U0003134b" * 2, "bad_characters"),
        ("иван", "bad_characters"),
        ("e\u0301a", "bad_characters"),
        ("al\u0456ce", "mixed_scripts"), ("b\u03bfb", "mixed_scripts"),
        ("admin", "reserved"), ("Adm1n", "reserved"), ("rock_pool", "reserved"), ("ME", "reserved"),
        ("管理员", "reserved"), ("杭州官方", "reserved"), ("系统", "reserved"),
        ("set-tings", "reserved"),
    ],
)  # fmt: skip
def test_an_improper_username_is_refused_with_its_reason(name, code):
    with pytest.raises(UsernameError) as refused:
        check_username(name)
    assert refused.value.code == code


def refusal_of(name: str) -> str:
    try:
        check_username(name)
    except UsernameError as refused:
        return refused.code
    return ""


@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text_is_either_accepted_or_refused_by_a_named_error(name):
    codes = {"too_short", "too_long", "bad_characters", "mixed_scripts", "reserved"}
    assert refusal_of(name) in {"", *codes}
    assert refusal_of(name) or name_key(name)
