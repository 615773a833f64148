"""The exported files: the list, every model and the review queue as CSV, described; written whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from flopcrawl.leftovers import sweep
from flopcrawl.reports.package import describe
from flopcrawl.settings import METADATA

EXPORTS = {
    "models_over_1e25.csv": "SELECT * FROM models_over_1e25",
    "models.csv": "SELECT * FROM models ORDER BY training_flop DESC, name",
    "review_queue.csv": "SELECT * FROM review_queue",
}
"""File name to query. The columns are a promise: a renamed one keeps its old name for one release."""

DESCRIPTION = "datapackage.json"
"""Columns, units and licence of the exports, beside them."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text cell for a formula."""


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text that looks like one gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV text, safe to open in a spreadsheet."""
    from io import StringIO

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


def export_all(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write every export, and what describes them, into ``folder``; return the files."""
    written, tables = [], {}
    for name, query in EXPORTS.items():
        cursor = db.execute(query)
        tables[name] = [column[0] for column in cursor.description]
        write_whole(folder / name, as_csv(tables[name], (tuple(row) for row in cursor)))
        sweep(folder, f".{name}.*")
        written.append(folder / name)
    package = describe(json.loads(METADATA.read_text(encoding="utf-8")), tables)
    write_whole(folder / DESCRIPTION, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return [*written, folder / DESCRIPTION]
