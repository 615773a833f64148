"""Pages that say 200 and are not the page; and real pages that look a little like them."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Response

from flopcrawl.archive.quality import defect

URL = "https://lab.example/page"
ARTICLE = "<html><head><title>Training a vision model</title></head><body>" + "<p>We read distorted words.</p>" * 60


def html(text: str, **options: object) -> HtmlResponse:
    return HtmlResponse(URL, body=text.encode(), encoding="utf-8", **options)


@pytest.mark.parametrize(
    ("page", "word"),
    [
        (html("<html><head><title>Just a moment...</title></head><body></body></html>"), "human"),
        (html("<!DOCTYPE html><html><body><div id='px-captcha'></div></body></html>"), "human"),
        (html("<html><body>Our systems have detected unusual traffic.</body></html>"), "human"),
        (html("<html><body>Wait</body></html>", headers={"cf-mitigated": "challenge"}), "challenge"),
    ],
)
def test_a_wall_is_seen(page: Response, word: str) -> None:
    assert word in defect(page)


@pytest.mark.parametrize(
    "page",
    [
        html(ARTICLE + "<p>It solves a captcha in 9 of 10 cases.</p></body></html>"),
        html("<html><head><title>Release notes</title></head><body>Short.</body></html>"),
        html("<html><body>Not found</body></html>", status=404),
    ],
)
def test_a_page_is_not_a_wall(page: Response) -> None:
    assert defect(page) == ""


@pytest.mark.parametrize(
    ("expected", "body", "word"),
    [
        ("json", b'{"a": 1}', ""),
        ("json", b'{"a": 1', "no whole JSON"),
        ("json", b"<html><body>maintenance</body></html>", "an HTML page"),
        ("json", b"  ", "empty"),
        ("xml", b"<?xml version='1.0'?><feed></feed>\n", ""),
        ("xml", b"<?xml version='1.0'?><feed><ent", "cut off"),
        ("xml", b"{}", "no XML"),
        ("text", b"# A model\n", ""),
        ("text", b"\x89PNG\0\0", "not text"),
        ("csv", b"<!doctype html><html></html>", "an HTML page"),
        ("parquet", b"PAR1....PAR1....PAR1", ""),
        ("parquet", b"PAR1............", "no whole parquet"),
        ("pdf", b"%PDF-1.7 ... %%EOF\n", ""),
        ("pdf", b"%PDF-1.7 ...", "no whole PDF"),
        ("html", b"<p>a fragment</p>", ""),
        ("html", b"plain words", "no HTML"),
    ],
)
def test_the_type_that_was_asked_for(expected: str, body: bytes, word: str) -> None:
    found = defect(Response(URL, body=body), expected)
    assert (found == "") if not word else (word in found)
