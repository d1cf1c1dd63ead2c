"""Texts leave compressed for who asks for it; files never do."""

from __future__ import annotations

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from community.compression import CompressPages

LONG = "潮池 rock pool " * 400


@pytest.mark.parametrize(
    ("content_type", "asks", "is_smaller"),
    [
        ("text/html; charset=utf-8", "gzip, br", True),
        ("application/json", "gzip", True),
        ("application/problem+json", "gzip", True),
        ("text/html; charset=utf-8", "", False),
        ("image/jpeg", "gzip", False),
        ("video/mp4", "gzip", False),
    ],
)
def test_what_is_compressed(content_type: str, asks: str, is_smaller: bool) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": asks})
    answer = CompressPages(lambda _: HttpResponse(LONG, content_type=content_type))(request)
    assert (answer.get("Content-Encoding") == "gzip") == is_smaller
    content = gzip.decompress(answer.content) if is_smaller else answer.content
    assert content.decode() == LONG
    assert (len(answer.content) < len(LONG.encode()) / 4) == is_smaller


def test_a_file_that_is_streamed_goes_as_it_is(tmp_path) -> None:
    (tmp_path / "a.txt").write_text(LONG)
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressPages(lambda _: FileResponse((tmp_path / "a.txt").open("rb")))(request)
    assert "Content-Encoding" not in answer
    assert b"".join(answer.streaming_content).decode() == LONG
