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


@pytest.mark.parametrize("page", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_saved_page_reads_as_expected(page: Path) -> None:
    file = page.with_name(f"{page.stem}.expected.json")
    expected = json.loads(file.read_text(encoding="utf-8"))
    spider = make(page.parent.name)
    found = plain(spider.parse(saved(page, expected["url"])))
    if os.environ.get("FLOPCRAWL_WRITE_EXPECTED"):
        file.write_text(json.dumps({"url": expected["url"], **found}, indent=1, ensure_ascii=False) + "\n")
    assert {"url": expected["url"], **found} == expected


def test_every_spider_has_a_fixture() -> None:
    # a pasted page is a file of a person's, not an answer: tests/spiders/test_pasted.py
    assert {page.parent.name for page in CASES} == NAMES - {"pasted"}
