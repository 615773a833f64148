from __future__ import annotations

from datetime import date

import pytest

from flopcrawl import database
from flopcrawl.items import Claim
from flopcrawl.reports.audit import COLUMNS, BadSheetError, draw, precision, read_sheet, week
from flopcrawl.reports.exports import as_csv
from flopcrawl.vocabulary import Field, Origin

AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def db(tmp_path):
    writing = database.open_for_writing(tmp_path / "a.db")
    made = [
        Claim(f"Zorble {n}", Field.TOKENS_TRAINED, str(1e12 + n), "zorble", f"https://zorble.example/{n}", AT)
        for n in range(40)
    ]
    by_hand = Claim("Zorble 99", Field.TOKENS_TRAINED, "1e12", "models.csv", "", AT, origin=Origin.MANUAL)
    with writing.atomic():
        database.store_claims(writing, [*made, by_hand], "run")
        database.update_claims(writing, [(1, "current", c.claim_id) for c in [*made[:30], by_hand]])
    writing.close()
    return database.open_for_reading(tmp_path / "a.db")


def test_a_week_has_one_sheet_whoever_draws_it(db):
    first = draw(db, "2026-W05")
    assert first == draw(db, "2026-W05")
    assert first != draw(db, "2026-W06")
    assert len(first) == 10
    assert all(len(row) == len(COLUMNS) for row in first)


def test_only_claims_that_a_program_read_and_that_decide_are_drawn(db):
    subjects = {row[1] for row in draw(db, "all", size=100)}
    assert subjects == {f"Zorble {n}" for n in range(30)}


def test_weeks_are_iso_weeks():
    assert week(date(2026, 1, 1)) == "2026-W01"
    assert week(date(2027, 1, 1)) == "2026-W53"


def sheet(path, *answers):
    rows = [(f"claim-{n}", *[""] * 8, answer, "") for n, answer in enumerate(answers)]
    path.write_text(as_csv(COLUMNS, rows), encoding="utf-8")
    return path


def test_precision_from_answered_rows_of_several_weeks(tmp_path):
    first = sheet(tmp_path / "audit-2026-W05.csv", "right", "wrong", "", "Right ")
    second = sheet(tmp_path / "audit-2026-W06.csv", "right", "right")
    share = precision([second, first])
    assert (share.hits, share.n) == (3, 3)
    assert precision([first]).n == 3
    assert precision([]).value is None


def test_an_unreadable_answer_is_named_by_line(tmp_path):
    with pytest.raises(BadSheetError, match=r"audit\.csv:3: 'maybe'.*write right or wrong"):
        read_sheet(sheet(tmp_path / "audit.csv", "right", "maybe"))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(BadSheetError, match="no column"):
        read_sheet(other)
