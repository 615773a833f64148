"""``scrapy validate``, ``calibrate`` and ``audit``: what they write, keep and exit with."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from flopcrawl import database
from flopcrawl.commands.audit import Command as Audit
from flopcrawl.commands.base import CommandError
from flopcrawl.commands.calibrate import Command as Calibrate
from flopcrawl.commands.validate import MINIMUMS, share
from flopcrawl.commands.validate import Command as Validate
from flopcrawl.derive import derive_all
from flopcrawl.identity import Registry
from flopcrawl.items import Claim
from flopcrawl.vocabulary import Field
from tests.reports.building import Builder

AT = "2026-01-01T00:00:00Z"


def key(name: str) -> str:
    return Registry.load().resolve(name, "Lab").model_key


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "overrides").mkdir()
    return tmp_path


def run(command: Any, place: Path, *args: str, **options: Any) -> int:
    command.settings = Settings(
        {
            "FLOPCRAWL_DB": str(place / "test.db"),
            "FLOPCRAWL_OVERRIDES": str(place / "overrides"),
            "FLOPCRAWL_EXPORTS": str(place / "exports"),
        }
    )
    return int(command.execute(list(args), argparse.Namespace(**options)))


def validate(place: Path, **options: Any) -> int:
    minimums = {f"min_{name.replace('-', '_')}": None for name in MINIMUMS}
    return run(Validate(), place, **{"reference": None, "vintage": None, "no_store": False, **minimums, **options})


@pytest.fixture
def compared(place: Path) -> Path:
    builder = Builder(place / "test.db")
    builder.model(key("Zorble 1"), 3e25)
    for name in ("Zorble 1", "Zorble 2"):
        builder.reference(name, 2e25)
    builder.close()
    return place


def test_a_validation_is_written_and_kept(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(compared) == 0
    assert "coverage at 1e25 with overrides: 50.0 %" in capsys.readouterr().out
    assert {file.suffix for file in (compared / "exports").iterdir()} == {".md", ".html", ".csv", ".svg"}
    db = database.open_for_reading(compared / "test.db")
    kept = db.execute("SELECT value, n FROM validations WHERE measure = 'coverage: listed'").fetchone()
    assert tuple(kept) == (0.5, 2)


@pytest.mark.parametrize(("minimum", "code"), [(0.5, 0), (0.51, 1)])
def test_a_missed_minimum_is_exit_1_and_nothing_else_is(compared: Path, minimum: float, code: int) -> None:
    assert validate(compared, min_coverage=minimum) == code


def test_a_minimum_that_nothing_can_be_said_of_is_missed(place: Path) -> None:
    builder = Builder(place / "test.db")
    builder.reference("Zorble 1", 2e25)
    builder.close()
    assert validate(place, min_within_2x=0.1) == 1


def test_a_drop_since_the_last_validation_is_told(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validate(compared)
    db = database.open_for_writing(compared / "test.db")
    with db.atomic():
        db.execute("UPDATE models SET listed = 0")
        db.execute("UPDATE validations SET date = '2025-01-01T00:00:00Z'")
    db.close()
    validate(compared)
    assert "alert: coverage: listed (all) at 1e25 fell from 50.0 % to 0.0 %" in capsys.readouterr().out


def test_without_a_reference_it_says_how_to_get_one(place: Path) -> None:
    Builder(place / "test.db").close()
    with pytest.raises(CommandError, match="scrapy crawl epoch"):
        validate(place)
    with pytest.raises(CommandError, match="no such file"):
        validate(place, reference=place / "absent.csv")


def test_shares_are_shares() -> None:
    assert share("0.9") == 0.9
    for text in ("90", "-0.1", "nan"):
        with pytest.raises(argparse.ArgumentTypeError, match="between 0 and 1"):
            share(text)


def disclosed(place: Path, models: int = 30) -> None:
    """A derived database in which so many models state parameters, tokens and a date."""
    claims = []
    for number in range(models):
        name = f"Zorble {number} {1 + number % 7}B"
        size, tokens = (1 + number % 7) * 1e9, 2e12 * (1 + number % 5)
        stated = {
            Field.PARAMETERS_TOTAL: size, Field.TOKENS_TRAINED: tokens,
            Field.RELEASE_DATE: f"{2023 + number % 3}-{1 + number % 12:02d}-10",
        }  # fmt: skip
        claims += [Claim(name, f, str(v), "zorble", f"https://zorble.example/{number}", AT) for f, v in stated.items()]
    db = database.open_for_writing(place / "test.db")
    with db.atomic():
        database.store_claims(db, claims, "run")
    db.close()
    derive_all(place / "test.db", place / "overrides", run_id=AT)


def test_a_calibration_is_fitted_kept_and_used(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disclosed(place)
    assert run(Calibrate(), place, dry_run=False, csv=place / "calibration.csv") == 0
    assert "| parameters |" in capsys.readouterr().out
    rows = database.calibrations(database.open_for_writing(place / "test.db"))
    assert {"parameters", "spread: operations"} <= {row["method"] for row in rows}
    with (place / "calibration.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(rows)
    page = (place / "exports" / "calibration.md").read_text()
    assert "## parameters on later models" in page
    assert "## From comparison to disclosure" in page
    assert " FLOP, Likely | operations, " in page
    assert run(Calibrate(), place, dry_run=False, csv=None) == 0
    assert "already says the same" in capsys.readouterr().out
    assert len(database.calibrations(database.open_for_writing(place / "test.db"))) == len(rows)


def test_a_dry_run_stores_nothing(place: Path) -> None:
    disclosed(place, models=12)
    assert run(Calibrate(), place, dry_run=True, csv=None) == 0
    assert database.calibrations(database.open_for_writing(place / "test.db")) == []


def test_a_sheet_is_drawn_answered_and_read(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disclosed(place, models=12)
    assert run(Audit(), place, week="2026-W05") == 0
    sheet = place / "exports" / "audit-2026-W05.csv"
    with pytest.raises(CommandError, match="already there"):
        run(Audit(), place, week="2026-W05")
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    for number, row in enumerate(rows):
        row["right or wrong"] = "wrong" if number == 0 else "right"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run(Audit(), place, str(sheet), week=None) == 0
    assert "precision of the live data: 90.0 %" in capsys.readouterr().out
