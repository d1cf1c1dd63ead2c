"""Chinese is complete: every text is collected, translated and in its place on the page.

The catalogue is checked against the sources as they are now: a copy of them is read anew with the
same command as `make messages` uses, and the result must ask for nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as conf
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import formats, timezone, translation

from accounts.services import block_user, mute_user
from community.services.comments import add_comment
from community.services.places import find_or_create_place
from community.services.writing import NoteContent, publish_note, save_draft
from community.text.quality import REASONS

CATALOGUE = Path("community/locale/zh_Hans/LC_MESSAGES/django.po")
SOURCES = ("accounts", "community", "feeds", "templates")
# What stays as it is in Chinese: how other things are called.
NAMES: frozenset[str] = frozenset()
# On a page besides: people of these tests, kinds of files, and TA, which is she, he and they.
NAMES_ON_PAGES = frozenset(
    {"rockpool", "alice", "bob", "charlie", "dora", "example", "org", "english", "ta"}
    | {"jpeg", "png", "webp", "avif", "heic", "gif", "mp", "mov", "webm", "mb", "api", "utc"}
)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# A Latin comma, colon, question mark or bracket that touches a Chinese letter.
LATIN_PUNCTUATION = re.compile(r"[\u4e00-\u9fff”][,;:?!()]|[,;:?!)][\u4e00-\u9fff“]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return _read(conf.BASE_DIR / CATALOGUE)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalogue as `make messages` would leave it, made in a copy of the sources."""
    for tool in ("xgettext", "msguniq", "msgmerge", "msgattrib"):
        if not shutil.which(tool):
            pytest.fail(f"{tool} is missing: install the package gettext, as `make test` does")
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        shutil.copytree(conf.BASE_DIR / folder, copy / folder, ignore=_not_texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr(conf, "LOCALE_PATHS", [copy / "community/locale"])
        call_command("makemessages", all=True, no_obsolete=True, no_wrap=True, verbosity=0)
    return _read(copy / CATALOGUE)


@pytest.fixture
def in_chinese(settings: Any, catalogue: Catalog, tmp_path: Path) -> Iterator[None]:
    """Django speaks the catalogue as it stands in the sources, compiled or not."""
    compiled = tmp_path / "zh_Hans/LC_MESSAGES/django.mo"
    compiled.parent.mkdir(parents=True)
    with open(compiled, "wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("zh-hans"):
        yield


def _not_texts(folder: str, names: list[str]) -> list[str]:
    keep = (".py", ".html", ".txt", ".po")
    return [name for name in names if "." in name and not name.endswith(keep)]


def _read(path: Path) -> Catalog:
    with open(path, "rb") as file:
        # The language tells babel that Chinese has one form for one and for many.
        return read_po(file, locale="zh_Hans")


def _texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {_key(text) for text in _texts(catalogue)}


def _english(message: Message) -> str:
    """The text whose placeholders the translation must have: of two forms the one for many."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def _chinese(message: Message) -> str:
    return message.string if isinstance(message.string, str) else message.string[0]


# ---------------------------------------------------------------- the catalogue


def test_every_text_of_the_sources_is_in_the_catalogue(
    catalogue: Catalog, collected: Catalog
) -> None:
    missing = {_key(text) for text in _texts(collected)} - {
        _key(text) for text in _texts(catalogue)
    }
    assert not missing, f"run `make messages` and translate: {sorted(map(str, missing))}"


def test_no_text_of_the_catalogue_has_left_the_sources(
    catalogue: Catalog, collected: Catalog
) -> None:
    unused = _keys(catalogue) - _keys(collected)
    assert not unused, f"run `make messages`: {sorted(map(str, unused))}"
    assert not catalogue.obsolete


def test_every_text_is_translated_and_none_is_a_guess(catalogue: Catalog) -> None:
    open_texts = [_key(text) for text in _texts(catalogue) if text.fuzzy or not _chinese(text)]
    assert not open_texts


def test_placeholders_are_the_same_on_both_sides(catalogue: Catalog) -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    differing = [
        _key(text)
        for text in _texts(catalogue)
        if placeholders(_english(text)) != placeholders(_chinese(text))
    ]
    assert not differing
    assert not [(message.id, errors) for message, errors in catalogue.check()]


def test_chinese_is_chinese(catalogue: Catalog) -> None:
    still_english = [
        _key(text)
        for text in _texts(catalogue)
        if not CHINESE.search(_chinese(text)) and _chinese(text) not in NAMES
    ]
    assert not still_english


def test_chinese_has_chinese_punctuation(catalogue: Catalog) -> None:
    plain = [(text, PLACEHOLDER.sub("一", _chinese(text))) for text in _texts(catalogue)]
    assert not [_key(text) for text, words in plain if LATIN_PUNCTUATION.search(words)]


def test_every_reason_of_quality_is_in_the_catalogue(catalogue: Catalog) -> None:
    """They are translated where they are shown, by a name that no collector can follow."""
    sentences = {sentence for pair in REASONS.values() for sentence in pair if sentence}
    assert {(None, sentence) for sentence in sentences} <= _keys(catalogue)


# ---------------------------------------------------------------- what people see


def test_months_are_months(in_chinese: None) -> None:
    """A text of ours without a context takes the place of Django's own text of the same letters."""
    months = [formats.date_format(date(2026, month, 1), "F") for month in range(1, 13)]
    assert all(month.endswith("月") for month in months), months


def test_one_and_many_have_the_same_form(in_chinese: None) -> None:
    from community.wording import time_ago

    now = timezone.now()
    assert time_ago(now - timedelta(days=1), now=now) == "1天前"
    assert time_ago(now - timedelta(days=3), now=now) == "3天前"


@pytest.fixture
def inhabited(
    in_chinese: None, alice: Any, bob: Any, charlie: Any, make_person: Callable[..., Any]
) -> dict[str, Any]:
    """Chinese notes by Alice with a place and comments; Bob reads, Charlie is kept away."""
    from accounts.models import Profile
    from community.models import Channel

    Profile.objects.update(language="zh-hans", welcomed_at=timezone.now())
    content = NoteContent(
        title="海边的第一个碗",
        body="草木灰和长石调的釉，等窑凉了一整夜，口沿薄的地方透出海绿色。",
        tags=["陶艺", "海"],
        channel=Channel.objects.get(slug="pottery"),
        place=find_or_create_place(name="望海窑", city="青岛", latitude=36.06, longitude=120.38),
    )
    draft = save_draft(author=alice, content=content)
    note = publish_note(author=alice, note_id=draft.pk)
    comment = add_comment(author=bob, note_id=note.pk, body="真好看")
    mute_user(muter=alice, muted=charlie)
    block_user(blocker=alice, blocked=make_person("dora"))
    return {"note": note, "comment": comment, "draft": save_draft(author=alice, content=content)}


PAGES = (
    "/", "/follow/", "/nearby/", "/hot/", "/search/", "/search/?q=碗", "/channels/pottery/",
    "/tags/陶艺/", "/people/alice/", "/notes/{note}/", "/notes/{note}/menu/", "/keys/",
    "/comments/{comment}/", "/no/such/page/",
)  # fmt: skip
MY_PAGES = (
    *PAGES, "/compose/", "/drafts/", "/notes/{draft}/edit/", "/notes/{note}/pool/",
    "/notes/{note}/delete/", "/notes/{note}/history/", "/notifications/", "/welcome/",
    "/welcome/people/", "/settings/", "/settings/interests/", "/settings/people/",
    "/settings/notifications/",
    "/settings/tokens/", "/account/email/", "/account/password/change/", "/report/?note={note}",
    "/people/alice/?shelf=liked", "/people/alice/?shelf=collected",
)  # fmt: skip
VISITOR_PAGES = (
    *PAGES, "/account/login/", "/account/signup/", "/account/password/reset/",
    "/account/password/reset/done/", "/languages/",
)  # fmt: skip


@pytest.mark.parametrize("page", MY_PAGES)
def test_a_page_of_mine_has_no_english_word(
    page: str, inhabited: dict[str, Any], alice: Any
) -> None:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    assert _english_words(client, page, inhabited) == set()


@pytest.mark.parametrize("page", VISITOR_PAGES)
def test_a_visitors_page_has_no_english_word(page: str, inhabited: dict[str, Any]) -> None:
    client = Client(headers={"accept-language": "zh-CN"})
    assert _english_words(client, page, inhabited) == set()


def _english_words(client: Client, page: str, inhabited: dict[str, Any]) -> set[str]:
    keys = {name: thing.pk for name, thing in inhabited.items()}
    html = client.get(page.format(**keys), follow=True).content.decode()
    assert CHINESE.search(html)
    seen = _Seen()
    seen.feed(html)
    return {word for text in seen.texts for word in _words(text)}


def _words(text: str) -> list[str]:
    return [word for word in LATIN_WORD.findall(text) if word.lower() not in NAMES_ON_PAGES]


class _Seen(HTMLParser):
    """What a person reads or hears of a page: its texts, and the attributes that are spoken."""

    # Time zones, grouped by region, keep the names of their database.
    SILENT: ClassVar = {"style", "script", "kbd", "code", "optgroup"}
    SPOKEN: ClassVar = {"aria-label", "placeholder", "title", "alt"}

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.texts += [value or "" for name, value in attrs if name in self.SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.SILENT & set(self.inside):
            self.texts.append(data)


def test_a_refusal_to_a_program_speaks_chinese(in_chinese: None, db: None) -> None:
    answer = Client(headers={"accept-language": "zh-hans"}).get("/api/v1/notes/999999/")
    assert CHINESE.search(answer.json()["title"])
    assert CHINESE.search(answer.json()["detail"])


@pytest.mark.parametrize("password", ["tide", "12345678901", "password1", "charlotte.bell"])
def test_a_refused_password_is_refused_in_chinese(password: str, make_person: Any) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password, make_person("charlotte.bell"))
    assert refused.value.messages
    assert all(CHINESE.search(said) for said in refused.value.messages)
