"""The README's numbers are those that the sample yields. They need a reference beside the project; without it, none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.write_validation import (
    BEGIN,
    COLUMNS,
    END,
    LIST,
    MEASURES,
    README,
    ROOT,
    TABLE,
    block,
    column,
    written,
)

SAMPLE = ROOT / "sample"


def test_a_block_is_read_as_it_is_written() -> None:
    columns = {"one": [f"{number} %" for number, _ in enumerate(MEASURES)], "two": ["–"] * len(MEASURES)}
    text = f"before\n{block(columns)}\nafter"
    assert written(text) == columns
    assert written("no table") == {}
    assert text.count(BEGIN) == text.count(END) == 1


def test_the_readme_has_every_column() -> None:
    shown = written(README.read_text(encoding="utf-8"))
    assert list(shown) == [called for called, *_ in COLUMNS]
    assert all(len(cells) == len(MEASURES) and all(cells) for cells in shown.values())


@pytest.mark.slow
@pytest.mark.skipif(not (LIST.exists() and TABLE.exists()), reason="no reference beside the project to compare with")
def test_the_readme_says_what_the_sample_yields(tmp_path: Path) -> None:
    called, _, by_hand = COLUMNS[0]
    now = column(tmp_path / "sample", SAMPLE, by_hand)
    assert now == written(README.read_text(encoding="utf-8"))[called], "run `make validation`"
