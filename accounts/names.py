"""Usernames: which are allowed, and which two look alike.

``name_key`` is stored in a unique column, so that nobody can pass for somebody else with a
Cyrillic letter, an accent or a zero for an o. It is a fold for comparing, never for showing.
"""

import re
import unicodedata

# Han, kana and hangul as the body of a character class. This room imports no other.
CJK = (
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
    "\u1100-\u115e\u1161-\u11ff\u3131-\u3163\uac00-\ud7a3"
)

MIN_LENGTH, MAX_LENGTH = 2, 30

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u1e00-\u1eff"
USERNAME = f"[{LATIN}{CJK}0-9]+(?:[_.-]+[{LATIN}{CJK}0-9]+)*"
ALLOWED = re.compile(USERNAME)
HAS_LATIN = re.compile(f"[{LATIN}]")
HAS_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u1c80-\u1c8f]")
ACCENTS = re.compile("[\u0300-\u036f]")
NOT_COMPARED = re.compile(r"[\W_]")
# Drawn as nothing although Unicode calls them letters or symbols: fillers, the blank of Braille.
DRAWN_AS_NOTHING = "\u115f\u1160\u3164\uffa0\u2800"

# Letter -> those drawn like it, all case-folded. From the common part of Unicode's
# confusables.txt (UTS #39), kana that pass for Han included. "i" falls together with "l"
# because its capital does.
DRAWN_ALIKE = {
    "a": "аα", "b": "вьβ", "c": "сϲ", "d": "ԁđð", "e": "еεєə", "f": "ғ", "h": "һнħη",
    "j": "ј", "k": "кκ", "l": "1iіıιӏł|", "m": "мμ", "n": "пν", "o": "0оοσøө", "p": "рρ",
    "q": "ԛ", "s": "ѕ", "t": "тτŧ", "u": "υ", "v": "ѵ", "w": "ԝωш", "x": "хχ", "y": "уγүυ",
    "z": "з", "ae": "æ", "oe": "œ", "th": "þ",
    "口": "ロ", "二": "ニ", "力": "カ", "工": "エ", "卜": "ト", "夕": "タ", "八": "ハ", "一": "ー",
    "へ": "ヘ", "り": "リ",
}  # fmt: skip
LOOK_ALIKES = str.maketrans(
    {double: letter for letter, doubles in DRAWN_ALIKE.items() for double in doubles}
)


def is_seen(name: str) -> bool:
    """Whether anything of a shown name is to be seen: blanks, marks and controls are not."""
    return any(
        unicodedata.category(letter)[0] not in "CMZ" and letter not in DRAWN_AS_NOTHING
        for letter in name
    )


class UsernameError(ValueError):
    """A username that cannot be taken; ``code`` is stable and meant for the caller's message."""

    code = "invalid"

    def __init__(self, username: str) -> None:
        super().__init__(f"{self.code}: {username!r}")


class TooShortError(UsernameError):
    code = "too_short"


class TooLongError(UsernameError):
    code = "too_long"


class BadCharactersError(UsernameError):
    code = "bad_characters"


class MixedScriptsError(UsernameError):
    code = "mixed_scripts"


class ReservedError(UsernameError):
    code = "reserved"


def name_key(username: str) -> str:
    """The same string for all usernames a person could take for one another."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", username).casefold())
    plain = unicodedata.normalize("NFKC", ACCENTS.sub("", letters)).casefold()
    return NOT_COMPARED.sub("", plain.translate(LOOK_ALIKES))


def check_username(username: str) -> None:
    """Raise the ``UsernameError`` that says why this username cannot be taken, if one does."""
    if len(username) < MIN_LENGTH:
        raise TooShortError(username)
    if len(username) > MAX_LENGTH:
        raise TooLongError(username)
    if HAS_LATIN.search(username) and HAS_CYRILLIC_OR_GREEK.search(username):
        raise MixedScriptsError(username)
    if not _has_allowed_form(username):
        raise BadCharactersError(username)
    if is_reserved(username):
        raise ReservedError(username)


def _has_allowed_form(username: str) -> bool:
    """Letters and digits that exist in Unicode, in their usual form, separators between them."""
    is_usual = unicodedata.normalize("NFKC", username) == username
    exists = all(letter.isalnum() or letter in "_.-" for letter in username)
    return is_usual and exists and bool(ALLOWED.fullmatch(username))


def is_reserved(username: str) -> bool:
    """Whether the name is, or looks like, one that speaks for the site or is an address in it."""
    return name_key(username) in RESERVED_KEYS or any(word in username for word in OFFICIAL_WORDS)


# In Chinese these speak for the site wherever they stand: 官方小助手, 杭州管理员.
OFFICIAL_WORDS = ("官方", "管理员", "管理員", "客服", "潮池")

RESERVED = """
    admin administrator root superuser sysadmin webmaster hostmaster postmaster abuse security
    rockpool rockpools moderator moderators mod mods staff team support system official operator
    service noreply no-reply mailer-daemon bot robot anonymous guest everyone here null none
    undefined test owner api about help me you settings account accounts login logout signup
    signin sign-up sign-in register password profile user users u discover follow following
    followers nearby hot feed feeds search tag tags place places channel channels note notes
    topic topics brand brands collection collections message messages notification notifications
    compose new edit draft drafts static media assets healthz livez metrics schema docs rss sitemap
    robots favicon oembed embed share terms privacy rules guidelines contact legal press jobs
    blog status download 管理 系统 系統 系统消息 系统通知 版主 站长 站長 客服中心 审核 审核员
    运营 工作人员 小助手 通知 公告 帮助 设置 关于 热门 关注 附近 发现 搜索 匿名 匿名用户 用户
    游客 已注销 已注销用户
"""
RESERVED_KEYS = frozenset(name_key(name) for name in RESERVED.split())
