"""What a person rejected is not read again: cases from ``scrapy checkoverrides --fixtures tests/fixtures/rejected``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flopcrawl.extraction import read

CASES = sorted((Path(__file__).parents[1] / "fixtures" / "rejected").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_reader_has_learned(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    facts = read(case["quote"], kind="txt", name="rejected.txt", url=case["url"], model=case["subject"]).facts
    again = [
        fact
        for fact in facts
        if fact.field == case["field"]
        and fact.model in (case["subject"], None)
        and fact.scope == "model"
        and str(fact.value).removesuffix(".0") == case["value"].removesuffix(".0")
    ]
    assert again == [], case["why"]
