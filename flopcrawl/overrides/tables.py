"""A CSV file as spreadsheets really write it: encodings, separators, blank ends, headers in any order and case."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from flopcrawl.overrides.cells import MAX_CELL
from flopcrawl.overrides.rows import Problem

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_LINES = 50
"""Lines that one row may take; more of them are a quotation mark that was never closed."""
UNCLOSED = "its quotation mark is not closed"
SEPARATORS = ",;\t|"
ALIKE = 75.0
"""RapidFuzz's ratio (0 to 100) from which a word is offered as what was probably meant."""
FAILED = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|ERROR!)|Err:\d{3}|#{4,}")
"""What a spreadsheet shows, and saves, where a cell that it took for a formula failed or a column was too narrow."""
SAVE_AS = "Save it as 'CSV UTF-8'."
NO_TABLE = {
    b"PK\x03\x04": "a spreadsheet (xlsx, ods or numbers), not a CSV",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (xls), not a CSV",
    b"\x1f\x8b": "compressed",
    b"%PDF": "a PDF",
    b"<": "a web page, not a CSV",
    b"{\\rtf": "a text document (RTF), not a CSV",
}
"""How a file begins that only has the name of a CSV."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: the line that it begins on (from 1), and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file. ``certain`` is False where its letters beyond ASCII can be read in two ways."""

    content: str
    encoding: str
    certain: bool = True


def nearest(word: str, words: Sequence[str]) -> str:
    """The allowed word that was probably meant, as a remedy; all of them where none is near."""
    lower = [each.lower() for each in words]
    begun = [str(each) for each in words if word and each.lower().startswith(word.lower())]
    if begun:
        return f"Did you mean {' or '.join(map(repr, begun))}?"
    found = process.extractOne(word.lower(), lower, score_cutoff=ALIKE)
    return f"Did you mean {str(words[found[2]])!r}?" if found else f"Allowed are {', '.join(words)}."


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
    text = decode(path.name, data, problems)
    if text is None or not text.content.strip():
        return
    _, rows = split(text.content)
    records = _good(path.name, rows, problems)
    first = next(records, None)
    if first is None:
        return
    header_line, header = first
    names, twins = columns_of(path.name, header_line, header, columns, problems)
    missing = [name for name in required if name not in names.values()]
    if missing:
        problems.append(
            Problem(
                path.name,
                header_line,
                "",
                f"the first line has no column {', '.join(missing)}.",
                f"Its columns must be named {', '.join(columns)}; the order does not matter.",
            )
        )
        return
    for count, (line, row) in enumerate(records):
        if count >= MAX_ROWS:
            problems.append(Problem(path.name, line, "", f"more than {MAX_ROWS} rows.", "Split the file."))
            return
        cells = {name: row[at] for at, name in names.items() if at < len(row)}
        problem = _misshapen(path.name, line, row, len(header), cells, twins) or (
            None if text.certain else _unsure(path.name, line, cells)
        )
        if problem is None:
            yield Line(line, cells)
        else:
            problems.append(problem)


def _good(
    name: str, rows: Iterator[tuple[int, list[str] | str]], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are neither empty nor torn; a torn one is a problem."""
    for line, row in rows:
        if isinstance(row, str):
            problems.append(
                Problem(name, line, "", f"the row cannot be read: {row}.", 'Write a quotation mark in a cell as "".')
            )
        elif any(cell.strip() for cell in row):
            yield line, row


def _misshapen(
    name: str, line: int, row: Sequence[str], width: int, cells: dict[str, str], twins: dict[int, str]
) -> Problem | None:
    """What is wrong with a row's shape, if anything: too many cells, a cell too long, two cells of one column."""
    extra = [cell for cell in row[width:] if cell.strip()] if len(row) > width else ()
    if extra:
        return Problem(
            name,
            line,
            "",
            f"the row has more cells than the header ({extra[0][:40]!r}).",
            "Put a text that contains the separator in double quotes.",
            cells,
        )
    for column, cell in cells.items():
        if len(cell) > MAX_CELL:
            shown = {name: text[:MAX_CELL] for name, text in cells.items()}
            return Problem(
                name, line, column, f"the cell has {len(cell)} characters.", f"Write at most {MAX_CELL}.", shown
            )
        if cell[:1] in ("#", "E") and FAILED.fullmatch(cell.strip()):
            return Problem(
                name, line, column, f"{cell.strip()!r} is the spreadsheet's own sign that it could not show the cell.",
                "Write it again; a cell that begins with = needs an apostrophe (') in front.", cells,
            )  # fmt: skip
    for at, column in twins.items():
        second = row[at] if at < len(row) else ""
        if second.strip() and second.strip() != cells.get(column, "").strip():
            return Problem(
                name,
                line,
                column,
                f"two columns are called {column!r} and say {cells.get(column, '')[:40]!r} and {second[:40]!r}.",
                "Remove one of the columns.",
                cells,
            )
    return None


def _unsure(name: str, line: int, cells: dict[str, str]) -> Problem | None:
    """A row whose letters depend on which old encoding is meant; plain English rows are the same in all of them."""
    for column, cell in cells.items():
        if not cell.isascii():
            one, other = (cell.encode("latin-1").decode(code, "replace")[:40] for code in ("cp1252", "mac_roman"))
            return Problem(
                name, line, column, f"the file is not in UTF-8: this could be {one!r} or {other!r}.", SAVE_AS, cells
            )
    return None


def decode(name: str, data: bytes, problems: list[Problem], *, table: bool = True) -> Text | None:
    """The text of a file; None where it is none, which is added to ``problems``. A ``table`` is no web page."""

    def refuse(message: str, remedy: str = SAVE_AS) -> None:
        problems.append(Problem(name, 0, "", message, remedy))

    if len(data) > MAX_BYTES:
        refuse(f"the file is larger than {MAX_BYTES // 1_000_000} MB.", "Is it the right one?")
        return None
    start = data[:64].lstrip()
    for mark, what in NO_TABLE.items():
        if table and start.startswith(mark):
            refuse(f"the file is {what}.")
            return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(data) > 3 and data[0] and not data[1] and data[2] and not data[3]:
        encoding = "utf-16-le"
    elif len(data) > 3 and not data[0] and data[1] and not data[2] and data[3]:
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    text = Text("", encoding)
    try:
        text = Text(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            refuse("the file is damaged: it begins as UTF-16 and is not.")
            return None
        # one byte, one letter: separators, quotes and digits are the same in every encoding that spreadsheets write
        text = Text(data.decode("latin-1"), "latin-1", certain=False)
    if "\0" in text.content:
        refuse("the file holds characters of no text (NUL).")
        return None
    return text


def split(content: str) -> tuple[str, Iterator[tuple[int, list[str] | str]]]:
    """The separator, and each row (empty ones too) with the line that it begins on; a torn row is what is wrong.

    The separator is the one that cuts the header into most pieces. A row whose quotation marks do not close costs
    itself only: reading goes on at the next line.
    """
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", content)
    start = 0
    declared = re.match(r"sep=(.)\s*$", lines[0]) if lines else None  # Excel's own hint
    if declared:
        start = 1
    head = next((line for line in lines[start:] if line.strip()), "")
    separator = declared[1] if declared else max(SEPARATORS, key=head.count)
    return separator, _records(lines, start, separator)


def _records(lines: Sequence[str], at: int, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """The rows from line ``at`` (from 0) on."""
    csv.field_size_limit(MAX_BYTES)
    while at < len(lines):
        feed = _Feed(lines, at)
        try:
            # strict: a text after a closing quotation mark, and a quotation mark that never closes, are errors
            for row in csv.reader(feed, delimiter=separator, strict=True):
                yield at + 1, row
                at = feed.row_begins = feed.at
        except csv.Error as error:
            yield at + 1, UNCLOSED if "unexpected end" in str(error) else str(error)
            at += 1


class _Feed:
    """The lines of a file for a CSV reader, which gets no more than :data:`MAX_LINES` of them for one row."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self.lines = lines
        self.at = self.row_begins = at

    def __iter__(self) -> Iterator[str]:
        while self.at < len(self.lines):
            if self.at - self.row_begins >= MAX_LINES:
                raise csv.Error(UNCLOSED)
            self.at += 1
            yield self.lines[self.at - 1]


def columns_of(
    name: str, line: int, header: Sequence[str], columns: Sequence[str], problems: list[Problem]
) -> tuple[dict[int, str], dict[int, str]]:
    """Which column stands where, whatever the case, blanks and order of the header; then those that stand twice."""
    found: dict[int, str] = {}
    twins: dict[int, str] = {}
    for at, written in enumerate(header):
        word = re.sub(r"[\s-]+", "_", written.strip().strip("\ufeff\"'").strip().lower())
        if not word:
            continue
        if word not in columns:
            problems.append(
                Problem(
                    name, line, written.strip(), f"no column is called {written.strip()!r}.", nearest(word, columns)
                )
            )
        elif word in found.values():
            problems.append(Problem(name, line, word, f"the column {word!r} stands twice.", "Remove one of the two."))
            twins[at] = word
        else:
            found[at] = word
    return found, twins
