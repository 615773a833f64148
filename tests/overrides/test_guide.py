"""The guide's example rows work as they stand, and everything that it points to is there."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from flopcrawl.overrides import load
from flopcrawl.overrides.files import COLUMNS

FOLDER = Path(__file__).parents[2] / "overrides"
GUIDES = [FOLDER / "README.md", FOLDER / "templates" / "README.md", FOLDER / "pages" / "README.md"]
ROWS = re.findall(r"^\|[^|]*\| `(\w+\.csv)` \| `([^`]+)`", GUIDES[0].read_text(encoding="utf-8"), re.MULTILINE)


def test_the_guide_shows_a_row_of_every_file_but_the_templates() -> None:
    assert {file for file, _ in ROWS} | {"models.csv"} == set(COLUMNS)


@pytest.mark.parametrize(("file", "row"), ROWS)
def test_an_example_row_is_a_good_row(file: str, row: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(",".join(COLUMNS[file]) + "\n" + row + "\n", encoding="utf-8")
    found = load(tmp_path, dt.date(2026, 2, 1))
    assert found.problems == []
    assert len([*found.corrections, *found.aliases, *found.not_same, *found.exclude, *found.decisions]) == 1


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.parent.name)
def test_every_link_leads_somewhere(guide: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / target).exists(), target
