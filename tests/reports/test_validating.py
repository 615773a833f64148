"""A validation from the database to its files, its history and its alerts; by itself and at the end of a refresh."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flopcrawl.identity import Registry
from flopcrawl.reports import validating
from flopcrawl.reports.validation_reference import BadReferenceError
from flopcrawl.vocabulary import Field
from tests.building import claim, rows, store
from tests.reports.building import Builder

ROOT = Path(__file__).resolve().parents[2]
FILES = ["validation.csv", "validation.html", "validation.md", "validation.svg"]
FIRST, SECOND = "2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z"
MODELS_MADE_UP = 205
"""Rows of an invented reference: the source expects at least 200."""


def key(name: str) -> str:
    return Registry.load().resolve(name, "Lab").model_key


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "overrides").mkdir()
    builder = Builder(tmp_path / "flopcrawl.db")
    for name, ours, theirs in (("Brook 1", 4e25, 5e25), ("Brook 2", 3e25, 2e25), ("Brook 3", 2e24, 2.2e24)):
        builder.model(key(name), ours, name=name)
        builder.reference(name, theirs)
    builder.close()
    return tmp_path


def run(place: Path, date: str = FIRST, **options: object) -> validating.Outcome:
    return validating.run(place / "flopcrawl.db", place / "overrides", place / "exports", date, **options)  # type: ignore[arg-type]


def test_it_writes_every_file_and_keeps_every_measure(place: Path) -> None:
    outcome = run(place)
    assert sorted(path.name for path in outcome.files) == FILES
    assert sorted(path.name for path in (place / "exports").iterdir()) == FILES
    assert outcome.result.find("coverage: present", "all", 1e25).text.endswith("(2 of 2)")
    assert (outcome.dropped, outcome.leaks) == ([], [])
    kept = rows(place / "flopcrawl.db", "SELECT DISTINCT date, reference FROM validations")
    assert [tuple(row.values()) for row in kept] == [(FIRST, "2025-05")]


def test_a_dry_run_writes_files_and_keeps_nothing(place: Path) -> None:
    assert sorted(path.name for path in run(place, keep=False).files) == FILES
    assert rows(place / "flopcrawl.db", "SELECT 1 FROM validations") == []


def test_a_drop_since_the_last_one_is_told(place: Path) -> None:
    run(place)
    builder = Builder(place / "flopcrawl.db")
    with builder.db.atomic():
        builder.db["models"].delete(key("Brook 1"))
        builder.db["classifications"].delete_where("model_key = ?", [key("Brook 1")])
    builder.close()
    assert any("coverage: listed" in each for each in run(place, SECOND).dropped)


def test_a_claim_of_the_reference_is_told(place: Path) -> None:
    store(place / "flopcrawl.db", [claim("Brook 1", Field.PARAMETERS_TOTAL, "4e11", source="epoch")])
    outcome = run(place)
    assert outcome.leaks
    assert "may have leaked" in (place / "exports" / "validation.md").read_text(encoding="utf-8")


def test_without_a_reference_it_says_how_to_get_one(tmp_path: Path) -> None:
    Builder(tmp_path / "flopcrawl.db").close()
    with pytest.raises(BadReferenceError, match="scrapy crawl epoch"):
        run(tmp_path)


def test_a_later_reference_with_its_columns_in_another_order_runs_as_it_is(place: Path) -> None:
    reference = place / "later.csv"
    reference.write_text(
        "Confidence,Training compute (FLOP),A new column,Publication date,Organization,Model\n"
        "Likely,5e25,x,3/9/2027,Lab,Brook 1\n"
        "Unknown,over 1e25 not estimated,,12/31/2026,Lab,Brook 9\n"
        "Confident,2e24,,2026-11-30,\"Lab,Other Lab\",Brook 3\n",
        encoding="utf-8",
    )  # fmt: skip
    result = run(place, reference_csv=reference).result
    assert result.vintage == "later"
    assert result.find("coverage: present", "all", 1e25).text.endswith("(1 of 2)")
    assert result.missing[result.missing["threshold"] == 1e25]["model"].tolist() == ["Brook 9"]
    assert result.find("within 2×", "all").text.endswith("(2 of 2)")


@pytest.mark.slow
def test_a_refresh_that_reads_the_reference_ends_with_a_validation(tmp_path: Path) -> None:
    made_up = [(f"Unheard-of {number}", "2024-06-01", "Lab", "1e24", "Likely") for number in range(MODELS_MADE_UP)]
    replay = tmp_path / "replay"
    replay.mkdir()
    with (replay / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Model", "Publication date", "Organization", "Training compute (FLOP)", "Confidence"))
        writer.writerows([*made_up, ("Brook 405B", "2024-07-23", "Meta AI", "4e25", "Confident")])
    (replay / "card.md").write_text(
        "# Brook-405B\n\nBrook-405B was released on 2024-07-23. Brook-405B is a dense transformer of 405 billion "
        "parameters.\nThe training of Brook-405B took in 15.6 trillion tokens.\n",
        encoding="utf-8",
    )
    (replay / "index.csv").write_text(
        "url,status,content_type,fetched_at,file\n"
        "https://epoch.ai/data/large_scale_ai_models.csv,200,text/csv,2026-01-01T00:00:00Z,table.csv\n"
        "https://huggingface.co/meta-llama/Brook-405B/resolve/main/README.md,200,text/markdown,2026-01-01T00:00:00Z,"
        "card.md\n",
        encoding="utf-8",
    )
    environment = {
        **os.environ, "FLOPCRAWL_DB": str(tmp_path / "flopcrawl.db"), "FLOPCRAWL_EXPORTS": str(tmp_path / "exports"),
        "FLOPCRAWL_ARCHIVE": str(tmp_path / "archive.db"), "FLOPCRAWL_OVERRIDES": str(tmp_path / "overrides"),
    }  # fmt: skip
    command = [sys.executable, "-m", "scrapy", "refresh", "--only", "epoch,huggingface", "--replay", str(replay)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    report = (tmp_path / "exports" / "validation.md").read_text(encoding="utf-8")
    assert "Unheard-of 7" in report  # what is missing is named
    kept = rows(
        tmp_path / "flopcrawl.db",
        "SELECT value, n FROM validations WHERE measure = 'coverage: present' AND threshold = 1e25",
    )
    assert [tuple(row.values()) for row in kept] == [(1.0, 1)]
    assert rows(tmp_path / "flopcrawl.db", "SELECT 1 FROM claims WHERE source = 'epoch'") == []
