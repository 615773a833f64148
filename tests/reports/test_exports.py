"""Exports are written whole or not at all, and no cell of theirs is a formula."""

import csv
import json
from pathlib import Path

import pytest

from flopcrawl import database
from flopcrawl.derive import derive_all
from flopcrawl.reports import exports
from flopcrawl.vocabulary import Field
from tests.building import claim, store


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_made_a_text(cell: str) -> None:
    assert exports.safe_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", [-1.5, 3, None, "GPT-4", ""])
def test_numbers_and_other_texts_stay(cell: object) -> None:
    assert exports.safe_cell(cell) == cell


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    exports.write_whole(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        exports.write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_every_export_has_its_columns_and_hostile_names_are_text(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    overrides = tmp_path / "overrides"
    store(
        path,
        [
            claim("=cmd|'/c calc'!A1", Field.PARAMETERS_TOTAL, 405e9),
            claim("=cmd|'/c calc'!A1", Field.TOKENS_TRAINED, 15e12),
        ],
    )
    derive_all(path, overrides, run_id="r")
    with database.open_for_reading(path) as db:
        written = exports.export_all(db, tmp_path / "exports")
    assert {file.name for file in written} == {*exports.EXPORTS, "datapackage.json"}
    package = json.loads((tmp_path / "exports" / "datapackage.json").read_text())
    for resource in package["resources"]:
        with (tmp_path / "exports" / resource["path"]).open(newline="") as file:
            assert next(csv.reader(file)) == [column["name"] for column in resource["schema"]["fields"]]
        assert all(column["description"] for column in resource["schema"]["fields"])
    with (tmp_path / "exports" / "models_over_1e25.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"].startswith("'=cmd")
    assert float(row["training_flop"]) > 1e25
