"""Pasted pages: read like any other, marked, and taken back with their file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from flopcrawl.items import ModelItem, PageItem, RejectedItem
from flopcrawl.vocabulary import Origin
from tests.spiders.reading import make

PAGE = "https://lab.example/launch"
TEXT = f"""URL: {PAGE}
Date: 2026-01-06

Introducing Aria-9

Today we release Aria-9, our new language model. Aria-9 has 70B parameters and was trained on 15T tokens.
"""


@pytest.fixture
def read(tmp_path: Path):
    (tmp_path / "pages").mkdir()

    def run(before: dict[str, tuple[str, str]] | None = None, **files: str) -> list[Any]:
        for name, text in files.items():
            (tmp_path / "pages" / f"{name}.txt").write_text(text, encoding="utf-8")
        spider = make("pasted", FLOPCRAWL_OVERRIDES=str(tmp_path))
        spider.read_before = before or {}

        async def collect() -> list[Any]:
            return [item async for item in spider.start()]

        return asyncio.run(collect())

    return run


def test_a_pasted_page_is_read_under_its_address_and_marked(read: Any) -> None:
    items = read(launch=TEXT)
    models = [item for item in items if isinstance(item, ModelItem)]
    assert {item.name for item in models} == {"Aria-9"}
    assert {(item.url, item.origin, item.fetched_at) for item in models} == {
        (PAGE, Origin.PASTED, "2026-01-06T00:00:00Z")
    }
    assert {fact.field: fact.value for item in models for fact in item.facts}["tokens_trained"] == 15e12
    assert [item.url for item in items if isinstance(item, PageItem)] == [PAGE]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace(f"URL: {PAGE}\n", ""), "URL"),
        (TEXT.replace("2026-01-06", "7/9/2025"), "2025-07-09"),
        (f"URL: {PAGE}\nDate: 2026-01-06\n", "Paste the page"),
    ],
)
def test_a_page_that_cannot_be_used_is_rejected_with_what_to_write(read: Any, text: str, words: str) -> None:
    [item] = read(launch=text)
    assert isinstance(item, RejectedItem)
    assert words in item.reason


def test_a_file_that_is_gone_takes_back_what_it_said(read: Any) -> None:
    [item] = read(before={PAGE: ("2026-01-06T00:00:00Z", "x")})
    assert (type(item), item.url, item.status) == (PageItem, PAGE, 410)


def test_an_empty_folder_is_no_failure(read: Any) -> None:
    assert read() == []
