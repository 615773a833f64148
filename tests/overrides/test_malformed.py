"""Every malformed file and row gets its message; none crashes, none is misread, none blocks a good row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flopcrawl.overrides import Overrides, load
from tests.overrides.malformed import CASES, Case

TODAY = dt.date(2026, 1, 1)
PAGE = Path(__file__).parents[2] / "docs" / "malformed-overrides.md"


def read(case: Case, folder: Path) -> Overrides:
    (folder / case.file).write_bytes(case.data)
    return load(folder, TODAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_each_mistake_gets_its_message_and_blocks_nothing(case: Case, tmp_path: Path) -> None:
    found = read(case, tmp_path)
    told = [p for p in found.problems if (p.file, p.line, p.column) == (case.file, case.line, case.column)]
    assert len(told) == 1, found.problems
    assert case.says in f"{told[0].message} {told[0].remedy}", told[0]
    assert told[0].remedy
    values = [*found.models, *found.corrections, *found.aliases, *found.not_same, *found.exclude, *found.decisions]
    expected = {"models.csv": 2}.get(case.file, 1) if case.good else 0
    if case.what == "aliases in a circle":
        expected += 1  # one of the two is right: the circle is open again
    assert len(values) == expected, values


def test_the_page_is_this_table(tmp_path: Path) -> None:
    assert len(CASES) >= 60
    assert PAGE.read_text(encoding="utf-8") == page(tmp_path), "make it anew: python -m tests.overrides.test_malformed"


def page(folder: Path) -> str:
    """The table as a page for people."""
    rows = []
    for number, case in enumerate(CASES):
        (folder / str(number)).mkdir()
        found = read(case, folder / str(number))
        told = next(p for p in found.problems if (p.line, p.column) == (case.line, case.column))
        place = ", ".join(filter(None, (f"line {told.line}" if told.line else "whole file", told.column)))
        what, message, remedy = (
            text.replace("|", "\\|").replace("<", "&lt;")[:300] for text in (case.what, told.message, told.remedy)
        )
        rows.append(f"| {number + 1} | {what} | {case.file}, {place} | {message} | {remedy} |")
    head = (
        "# What is said of malformed hand-edited files\n\n"
        "Made from the table of `tests/overrides/malformed.py`, which is also tested: none of these crashes, none is "
        "misread, and none blocks a good row.\n\n| # | mistake | where | what is wrong | what to write instead |\n"
        "|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        PAGE.write_text(page(Path(made)), encoding="utf-8")
