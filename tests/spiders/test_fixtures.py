"""A saved page in, expected JSON out: ``tests/fixtures/<spider>/<case>.<ext>`` beside ``<case>.expected.json``.

``FLOPCRAWL_WRITE_EXPECTED=1`` writes what comes out now, for a person to check before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.spiders.reading import FIXTURES, make, plain, saved, spiders

NAMES = {spider.name for spider in spiders()}
CASES = sorted(
    path for path in FIXTURES.glob("*/*.*") if path.parent.name in NAMES and not path.name.endswith(".expected.json")
)


SHAPE = '{"url": "https://…"}, the address that the page was saved from'
FAULT = "unusable: "


@pytest.mark.parametrize("page", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_saved_page_reads_as_expected(page: Path) -> None:
    file = page.with_name(f"{page.stem}.expected.json")
    if not file.exists():
        pytest.fail(f"{file} is missing: begin it with {SHAPE}")
    expected = json.loads(file.read_text(encoding="utf-8"))
    spider = make(page.parent.name)
    found = {"url": expected["url"], **plain(spider.parse(saved(page, expected["url"])))}
    if os.environ.get("FLOPCRAWL_WRITE_EXPECTED"):
        faults = [said for said in found.get("requests", []) if said.startswith(FAULT)]
        if faults and not any(said.startswith(FAULT) for said in expected.get("requests", [])):
            pytest.fail(f"not written, the page reads as a source that failed ({faults[0]}): mend {page}")
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == expected


# a pasted page is a file of a person's, not an answer: tests/spiders/test_pasted.py
@pytest.mark.parametrize("name", sorted(NAMES - {"pasted"}))
def test_every_spider_has_a_fixture(name: str) -> None:
    assert name in {page.parent.name for page in CASES}, f"save a page of {name}'s listing in {FIXTURES / name}"
