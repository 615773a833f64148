"""Tables without end: what is read of them is bounded, and the numbers of the rest are still accounted for."""

from __future__ import annotations

import pytest

from flopcrawl.extraction import measuring, read

TABLE = "# Kestrel 2\n\n| Model | Parameters |\n|---|---|\n" + "".join(
    f"| Kestrel 2 {size}B | {size}B |\n" for size in (3, 5, 9, 17)
)


def test_rows_far_down_a_table_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {fact.model for fact in read(TABLE, kind="md").facts if fact.quote in ("3B", "17B")}
    monkeypatch.setattr(measuring, "LONG_TABLE", 3)
    cut = read(TABLE, kind="md")
    assert whole == {"Kestrel 2 3B", "Kestrel 2 17B"}
    assert {fact.model for fact in cut.facts if fact.quote in ("3B", "17B")} == {"Kestrel 2 3B"}
    assert any(decision.text == "17B" and not decision.taken for decision in cut.decisions)
