"""A CSV file as spreadsheets really write it: encodings, separators, blank ends, headers in any order and case."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from rapidfuzz import process

from flopcrawl.overrides.rows import Problem

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
SEPARATORS = ",;\t|"
ALIKE = 75.0
"""RapidFuzz's ratio (0 to 100) from which a word is offered as what was probably meant."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: the line that it begins on (from 1), and its cells by column."""

    number: int
    cells: dict[str, str]


def nearest(word: str, words: Sequence[str]) -> str:
    """The allowed word that was probably meant, as a remedy; all of them where none is near."""
    found = process.extractOne(word.lower(), [w.lower() for w in words], score_cutoff=ALIKE)
    return f"Did you mean {words[found[2]]!r}?" if found else f"Allowed are {', '.join(words)}."


def read(path: Path, columns: Sequence[str], required: Sequence[str], problems: list[Problem]) -> Iterator[Line]:
    """The rows of a file, empty ones left out. ``columns`` are all that it may have, ``required`` those that it must.

    What cannot be used is added to ``problems``: a file that is no CSV, an unknown column, a row that is too long.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(
            Problem(path.name, 0, "", f"the file cannot be read ({error.strerror}).", "Check its permissions.")
        )
        return
    content = decode(path.name, data, problems)
    if content is None or not content.strip():
        return
    header, rows = split(content)
    names = columns_of(path.name, header, columns, problems)
    missing = [name for name in required if name not in names.values()]
    if missing:
        problems.append(
            Problem(
                path.name,
                1,
                "",
                f"the first line has no column {', '.join(missing)}.",
                f"Its columns must be named {', '.join(columns)}; the order does not matter.",
            )
        )
        return
    for count, (line, row) in enumerate(rows):
        if not any(cell.strip() for cell in row):
            continue
        if count >= MAX_ROWS:
            problems.append(Problem(path.name, line, "", f"more than {MAX_ROWS} rows.", "Split the file."))
            return
        extra = [cell for cell in row[len(header) :] if cell.strip()]
        cells = {name: row[at] for at, name in names.items() if at < len(row)}
        if extra:
            problems.append(
                Problem(
                    path.name,
                    line,
                    "",
                    f"the row has more cells than the header ({extra[0][:40]!r}).",
                    "Put a text that contains the separator in double quotes.",
                    cells,
                )
            )
            continue
        yield Line(line, cells)


def decode(name: str, data: bytes, problems: list[Problem]) -> str | None:
    """The text of a file; None where it is none."""
    if len(data) > MAX_BYTES:
        problems.append(
            Problem(name, 0, "", f"the file is larger than {MAX_BYTES // 1_000_000} MB.", "Is it the right one?")
        )
        return None
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        problems.append(Problem(name, 0, "", "the file is a spreadsheet, not a CSV.", "Save it as 'CSV UTF-8'."))
        return None
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        content = data.decode(encoding)
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        if best is None:
            problems.append(Problem(name, 0, "", "the file is no text.", "Save it as 'CSV UTF-8'."))
            return None
        content = str(best)
    if "\0" in content:
        problems.append(Problem(name, 0, "", "the file holds characters of no text (NUL).", "Save it as 'CSV UTF-8'."))
        return None
    return content


def split(content: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows with their first lines; the separator is the one that cuts the header into most pieces."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    start = 1
    declared = re.match(r"sep=(.)\n", content)  # Excel's own hint
    if declared:
        content, start = content[declared.end() :], 2
    head = next((line for line in content.split("\n") if line.strip()), "")
    separator = declared[1] if declared else max(SEPARATORS, key=head.count)
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    line = start
    for row in reader:
        if not header:
            header = row if any(cell.strip() for cell in row) else []
        else:
            rows.append((line, row))
        line = start + reader.line_num
    return header, rows


def columns_of(name: str, header: Sequence[str], columns: Sequence[str], problems: list[Problem]) -> dict[int, str]:
    """Which column stands where, whatever the case, blanks and order of the header."""
    found: dict[int, str] = {}
    for at, written in enumerate(header):
        word = re.sub(r"[\s-]+", "_", written.strip().strip("\ufeff\"'").lower())
        if not word:
            continue
        if word not in columns:
            problems.append(
                Problem(name, 1, written.strip(), f"no column is called {written.strip()!r}.", nearest(word, columns))
            )
        elif word in found.values():
            problems.append(
                Problem(name, 1, word, f"the column {word!r} stands twice.", "Remove one; the first is read.")
            )
        else:
            found[at] = word
    return found
