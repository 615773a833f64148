"""The reference to validate against: one vintage of Epoch's public CSV, from the database or from a file.

It is read here, compared in :mod:`flopcrawl.reports.validation`, and goes nowhere else: no estimate, no fit and no
hand-made row depends on it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime
from pathlib import Path

import pandas as pd

NAME, ORGANIZATION, DOMAIN = "Model", "Organization", "Domain"
DATE, VALUE, CONFIDENCE = "Publication date", "Training compute (FLOP)", "Confidence"
NOTES = "Training compute notes"
LOWER = "Training compute lower bound"
NEEDED = (NAME, DATE, VALUE)
"""Columns without which a file is no such CSV. The others may be missing."""

_BOUND = re.compile(
    r"^\s*(?:>|≥|>=|over|above|more than|at least)\s*(\d+(?:\.\d+)?(?:e\+?\d+)?|10\^\d+)", re.IGNORECASE
)
_NOT_ESTIMATED = re.compile(r"\bover\s+(1e25|10\^25)\b[^.]{0,10}not\s+estimated", re.IGNORECASE)
_FLAG = re.compile(r"(?:over|above|exceeds|>|≥)\s*(1e\d\d|10\^\d\d)", re.IGNORECASE)
_YES = frozenset({"1", "true", "yes", "x", "checked"})


class BadReferenceError(ValueError):
    """A reference that cannot be read. The message names the file or table, what is missing, and what to do."""


def read_csv(path: Path) -> pd.DataFrame:
    """A reference from a CSV file (UTF-8, Epoch's column names, ISO or M/D/YYYY dates): see :func:`tidy`.

    Raises:
        BadReferenceError: the file is missing, is no CSV, or lacks a needed column.
    """
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadReferenceError(f"{path}: there is no such file") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadReferenceError(f"{path}: this is no CSV in UTF-8 ({error})") from None
    return tidy(raw, path.stem, str(path))


def vintages(db: sqlite3.Connection) -> list[str]:
    """The vintages of the table ``reference_epoch``, oldest first."""
    return [row[0] for row in db.execute("SELECT DISTINCT vintage FROM reference_epoch ORDER BY vintage")]


def read_vintage(db: sqlite3.Connection, vintage: str) -> pd.DataFrame:
    """One vintage of the table ``reference_epoch``: see :func:`tidy`. Raises BadReferenceError where it has no row."""
    rows = [json.loads(row[0]) for row in db.execute("SELECT row FROM reference_epoch WHERE vintage = ?", (vintage,))]
    if not rows:
        raise BadReferenceError(f"reference_epoch has no vintage {vintage!r}: refresh the source that reads it")
    return tidy(pd.DataFrame(rows, dtype=str).fillna(""), vintage, f"vintage {vintage}")


def tidy(raw: pd.DataFrame, vintage: str, where: str) -> pd.DataFrame:
    """The columns that a validation uses, one row a model, in the order of the models' names.

    ``model`` and ``organization`` (blanks and line breaks tidied), ``released`` (ISO, "" where unknown), ``domain``,
    ``confidence``, ``flop`` (FLOP, NaN where none is given), ``over`` (FLOP: "over X, not estimated", else NaN).

    Raises:
        BadReferenceError: a needed column is missing, or no row names a model.
    """
    missing = [column for column in NEEDED if column not in raw.columns]
    if missing:
        raise BadReferenceError(f"{where}: no column {', '.join(missing)}; the reference must have {', '.join(NEEDED)}")
    texts = raw.apply(lambda column: column.str.split().str.join(" "))
    table = pd.DataFrame({"model": texts[NAME]})
    for name, column in (("organization", ORGANIZATION), ("domain", DOMAIN), ("confidence", CONFIDENCE)):
        table[name] = texts.get(column, "")
    table["released"] = texts[DATE].map(iso_date)
    table["flop"] = pd.to_numeric(texts[VALUE], errors="coerce")
    table["over"] = [
        float("nan") if flop == flop else _over(row)
        for flop, row in zip(table["flop"], texts.to_dict("records"), strict=True)
    ]
    table["vintage"] = vintage
    table = table[table["model"] != ""].sort_values(["model", "released"], kind="stable").reset_index(drop=True)
    if table.empty:
        raise BadReferenceError(f"{where}: no row names a model")
    return table


def _over(row: dict[str, str]) -> float:
    """The amount (FLOP) that a row without a value is said to be over, NaN where it is said of none."""
    if match := _BOUND.match(row[VALUE]):
        return _number(match[1])
    if row.get(LOWER):
        return float(pd.to_numeric(row[LOWER], errors="coerce"))
    for column, cell in row.items():
        if (match := _FLAG.search(column)) and cell.lower() in _YES:
            return _number(match[1])
    if match := _NOT_ESTIMATED.search(f"{row[VALUE]} {row.get(NOTES, '')}"):
        return _number(match[1])
    return float("nan")


def _number(text: str) -> float:
    return 10.0 ** float(text[3:]) if text.startswith("10^") else float(text)


def iso_date(text: str) -> str:
    """A date of either vintage (``2025-07-09``, ``7/9/2025`` with the month first) in ISO; "" for anything else."""
    for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, pattern).date().isoformat()
        except ValueError:
            continue
    return text if re.fullmatch(r"\d{4}(?:-\d{2})?", text) else ""
