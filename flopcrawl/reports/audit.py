"""The weekly audit of live precision: ten claims at random, a sheet for a person, and what the answers say."""

from __future__ import annotations

import csv
import random
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from flopcrawl.reports.statistics import Share

SAMPLE = 10
"""Claims on one sheet."""

QUESTION = "right or wrong"
COLUMNS = ("claim_id", "model", "field", "value", "unit", "quote", "url", "source", "fetched_at", QUESTION, "why")
"""Columns of a sheet; a person fills in the last two."""

ANSWERS: Mapping[str, bool] = {"right": True, "wrong": False}


class BadSheetError(ValueError):
    """A sheet that cannot be read. The message names the file and line, and says what to write instead."""


def week(day: date) -> str:
    """The ISO week of a day, as a sheet is named: ``2026-W05``."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def draw(db: sqlite3.Connection, name: str, size: int = SAMPLE) -> list[tuple[object, ...]]:
    """Claims that decide a row, drawn with a seed made of the sheet's name: one week, one sheet, whoever draws it.

    Only claims that a program read count; a person's are not the reader's precision.
    """
    rows = db.execute(
        "SELECT claim_id, subject, field, value, unit, quote, url, source, fetched_at FROM claims "
        "WHERE status = 'current' AND used = 1 AND origin <> 'manual' ORDER BY claim_id"
    ).fetchall()
    drawn = random.Random(name).sample(rows, min(size, len(rows)))  # noqa: S311 (a sample, not a secret)
    return [(*tuple(row), "", "") for row in drawn]


def read_sheet(path: Path) -> list[tuple[str, bool]]:
    """The answers of a sheet: claim id and whether it was right. Rows that are not answered yet are left out.

    Raises:
        BadSheetError: the file is no sheet, or an answer is neither *right* nor *wrong*.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if QUESTION not in (reader.fieldnames or ()) or "claim_id" not in (reader.fieldnames or ()):
            raise BadSheetError(
                f"{path}: no column '{QUESTION}' beside 'claim_id'; draw a new sheet with 'scrapy audit'"
            )
        answers = []
        for row in reader:
            said = (row[QUESTION] or "").strip().lower()
            if not said:
                continue
            if said not in ANSWERS:
                raise BadSheetError(f"{path}:{reader.line_num}: {said!r} in '{QUESTION}': write right or wrong")
            answers.append((row["claim_id"], ANSWERS[said]))
    return answers


def precision(sheets: Sequence[Path]) -> Share:
    """The precision of the live data from every answered claim; a claim drawn twice counts as answered last."""
    answers: dict[str, bool] = {}
    for sheet in sorted(sheets):
        answers.update(read_sheet(sheet))
    return Share(sum(answers.values()), len(answers))
