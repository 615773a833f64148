"""Tables without end: what is read of them is bounded, and the numbers of the rest are still accounted for."""

from __future__ import annotations

import pytest

from flopcrawl.extraction import measuring, numbers, read, weighing

TABLE = "# Kestrel 2\n\n| Model | Parameters |\n|---|---|\n" + "".join(
    f"| Kestrel 2 {size}B | {size}B |\n" for size in (3, 5, 9, 17)
)


def test_rows_far_down_a_table_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {fact.model for fact in read(TABLE, kind="md").facts if fact.quote in ("3B", "17B")}
    monkeypatch.setattr(measuring, "LONG_TABLE", 3)
    cut = read(TABLE, kind="md")
    assert whole == {"Kestrel 2 3B", "Kestrel 2 17B"}
    assert {fact.model for fact in cut.facts if fact.quote in ("3B", "17B")} == {"Kestrel 2 3B"}
    assert [decision.reason for decision in cut.decisions if decision.text == "17B"][-1:] == [
        "not read: below row 3 of a table"
    ]


def test_numbers_without_end_are_read_to_a_bound_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (numbers, measuring):
        monkeypatch.setattr(module, "MOST_NUMBERS", 30)
    cut = read("# Kestrel 2\n\n" + "1, " * 40 + "\n\nKestrel 2 has 9B parameters.", kind="md")
    assert len(cut.decisions) == 30
    assert cut.decisions[-1].reason == "not read, nor what follows: of a page the first 30 numbers are"
    assert all(not decision.taken for decision in cut.decisions[1:])


def test_figures_without_end_are_weighed_to_a_bound_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "MOST_CANDIDATES", 2)
    reading = read(TABLE, kind="md")
    told = "not read: of a page the first 2 figures are"
    assert {decision.text for decision in reading.decisions if decision.reason == told} == {"9B", "17B"}
