"""Pasted pages: where from, when, and what is below."""

from __future__ import annotations

from pathlib import Path

import pytest

from flopcrawl.overrides.pages import pasted
from flopcrawl.overrides.rows import Problem


def read(tmp_path: Path, name: str, data: bytes) -> tuple[list, list[Problem]]:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "README.md").write_text("not a page")
    (tmp_path / "pages" / name).write_bytes(data)
    problems: list[Problem] = []
    return pasted(tmp_path, problems), problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["a.txt", "b.md", "c.HTML"])
def test_a_page_with_its_first_lines(tmp_path: Path, name: str, encoding: str) -> None:
    text = "url: https://example.org/a\r\nDATE: 9 July 2025\r\nModel: Zorble\r\n\r\n<p>70B parameters: all dense.\r\n"
    (page,), problems = read(tmp_path, name, text.encode(encoding))
    assert problems == []
    assert (page.url, page.date, page.model) == ("https://example.org/a", "2025-07-09", "Zorble")
    assert page.kind == name.lower()[2:]
    assert page.text.strip() == "<p>70B parameters: all dense."


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.txt", "Date: 2025-07-09\n\ntext", "do not say where"),
        ("a.txt", "URL: example\nDate: 2025-07-09\n\ntext", "do not say where"),
        ("a.txt", "URL: https://example.org/a\n\ntext", "do not say when"),
        ("a.txt", "URL: https://example.org/a\nDate: 7/9/2025\n\ntext", "2025-07-09 or 2025-09-07"),
        ("a.txt", "URL: https://example.org/a\nDate: 2025-07-09\n\n", "nothing stands below"),
        ("a.docx", "PK", "a page is a .txt"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, name: str, text: str, says: str) -> None:
    pages, problems = read(tmp_path, name, text.encode())
    assert pages == []
    assert len(problems) == 1
    assert says in problems[0].message
    assert problems[0].remedy
