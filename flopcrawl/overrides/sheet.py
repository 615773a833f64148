"""Changing a hand-edited file the way a careful person would: one row changes, every other byte stays.

Only the local form (``scrapy editoverrides``) uses this, on behalf of the person who fills it in.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from flopcrawl.overrides.rows import Problem
from flopcrawl.overrides.tables import columns_of, decode, split

BACKUP = ".bak"
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class SheetError(ValueError):
    """A file that cannot be changed safely. The message says why, and what to do."""


class Sheet:
    """One hand-edited file, held in memory with its encoding, separator, line ends and quotation as they are."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Read ``path``; a missing file is begun with ``columns``.

        Raises:
            SheetError: the file cannot be read surely, so changing it could damage it.
        """
        self.path = path
        data = path.read_bytes() if path.exists() else (",".join(columns) + "\n").encode()
        problems: list[Problem] = []
        text = decode(path.name, data, problems)
        if text is None or not text.certain:
            why = str(problems[0]) if problems else f"{path.name} is not in UTF-8. Save it as 'CSV UTF-8'."
            raise SheetError(why)
        self.digest = digest(path)
        self.mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
        self.encoding = MARKS.get(self.mark) or ("utf-8" if text.encoding == "utf-8-sig" else text.encoding)
        content = text.content.removeprefix("\ufeff")
        self.lines: list[str] = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", content)
        self.newline = next((m[0] for line in self.lines if (m := re.search(r"[\r\n]+$", line))), "\n")
        self.separator, records = split(content)
        self.spans: dict[int, int] = {}
        self.rows: dict[int, dict[str, str]] = {}
        filled = [(line, row) for line, row in records if isinstance(row, str) or any(cell.strip() for cell in row)]
        if not filled or isinstance(filled[0][1], str):
            raise SheetError(f"{path.name} has no header. Its columns are {', '.join(columns)}.")
        self.header_line, self.header = filled[0][0], list(filled[0][1])
        names, twins = columns_of(path.name, self.header_line, self.header, columns, [])
        if twins:
            raise SheetError(f"{path.name} has two columns of one name. Remove one of them.")
        self.names = names
        _, again = split(content)
        starts = [line for line, _ in again]
        ends = dict(zip(starts, [*starts[1:], len(self.lines) + 1], strict=True))
        for line, row in filled[1:]:
            if not isinstance(row, str):
                self.spans[line] = ends[line] - line
                self.rows[line] = {name: row[at] for at, name in names.items() if at < len(row)}

    def _written(self, cells: Mapping[str, str], old: Sequence[str] = ()) -> str:
        """A row as this file writes rows; cells of columns that are not ours stay as they are in ``old``."""
        for name in (name for name, cell in cells.items() if cell and name not in self.names.values()):
            self.names[len(self.header)] = name
            self.header.append(name)
            self.lines[self.header_line - 1] = self._line(self.header)
        row = [*old, *[""] * (len(self.header) - len(old))]
        for at, name in self.names.items():
            row[at] = cells.get(name, "")
        return self._line(row)

    def _line(self, row: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self.separator, lineterminator=self.newline).writerow(row)
        return out.getvalue()

    def append(self, cells: Mapping[str, str]) -> int:
        """Add a row at the end; the line that it begins on."""
        while self.lines and not self.lines[-1].strip(f'{self.separator}\r\n "'):
            self.lines.pop()  # empty rows at the end, as spreadsheets leave them
        if self.lines and not self.lines[-1].endswith(("\n", "\r")):
            self.lines[-1] += self.newline
        written = self._written(cells)
        self.lines.append(written)
        return len(self.lines)

    def replace(self, line: int, cells: Mapping[str, str]) -> int:
        """Put a row in the place of the one that begins on ``line``.

        Raises:
            SheetError: no row begins there.
        """
        start, end = self._place(line)
        old = next(csv.reader(self.lines[start:end], delimiter=self.separator))
        self.lines[start:end] = [self._written(cells, old)]
        return line

    def remove(self, line: int) -> None:
        """Take out the row that begins on ``line``.

        Raises:
            SheetError: no row begins there.
        """
        start, end = self._place(line)
        del self.lines[start:end]

    def _place(self, line: int) -> tuple[int, int]:
        if line not in self.spans:
            raise SheetError(f"no row of {self.path.name} begins on line {line}.")
        return line - 1, line - 1 + self.spans[line]

    def data(self) -> bytes:
        """The file as bytes."""
        return self.mark + "".join(self.lines).encode(self.encoding)

    def save(self, expected: str) -> None:
        """Write the file whole or not at all; what was there before is beside it, with ``.bak`` behind its name.

        Raises:
            SheetError: the file is no longer what ``expected``, a :func:`digest`, says: somebody else has changed it.
        """
        if digest(self.path) != expected:
            raise SheetError(f"{self.path.name} was changed meanwhile. Look at it again, then repeat your change.")
        if self.path.exists():
            write_whole(self.path.with_name(self.path.name + BACKUP), self.path.read_bytes())
        write_whole(self.path, self.data())


def digest(path: Path) -> str:
    """What a file holds, in short; "" for a missing one."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside ``path``, then rename it, so that nobody ever sees half of it."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
