"""Each saved page beside what must be read from it: one loop. A new phrasing begins as a pair of files here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flopcrawl.extraction import read
from flopcrawl.vocabulary import Scope

FIXTURES = Path(__file__).parent.parent / "fixtures" / "extraction"
CASES = sorted(path.name.removesuffix(".expected.json") for path in FIXTURES.glob("*.expected.json"))


@pytest.mark.parametrize("case", CASES)
def test_page_reads_as_expected(case):
    expected = json.loads((FIXTURES / f"{case}.expected.json").read_text(encoding="utf-8"))
    page = next(path for path in FIXTURES.glob(f"{case}.*") if not path.name.endswith(".expected.json"))
    reading = read(page.read_bytes(), kind=page.suffix[1:], name=expected["name"])
    own = [fact for fact in reading.facts if fact.scope is Scope.MODEL]
    found = [(fact.model, fact.field.value, fact.value, fact.qualifier.value) for fact in own]
    for fact in expected["facts"]:
        assert (fact["model"], fact["field"], fact["value"], fact["qualifier"]) in found
    assert not [fact for fact in own if fact.value in expected["never"]]
    assert [fact.value for fact in own if fact.field == "name"] == expected["announced"]
    for fact in reading.facts:
        if fact.quote is not None:
            assert reading.document.text[fact.start : fact.end] == fact.quote


def test_there_are_cases():
    assert len(CASES) >= 30
